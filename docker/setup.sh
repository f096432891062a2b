#!/bin/bash
# Create the database at the first start, upgrade the addons at each later one. The
# database gets its name when it is complete: an interrupted start is simply repeated,
# and nothing here ever drops a database of that name.
set -euo pipefail

database="$DEALER_DATABASE"
addons="$(cd "$ODOO_ADDONS_PATH" && printf '%s\n' */__manifest__.py \
    | sed 's#/.*##' | paste -sd,)"
exists="$(psql --quiet --no-align --tuples-only --dbname=postgres \
    --set=name="$database" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")"

if [ "$exists" != 1 ]; then
    echo "Creating the database $database"
    work="${database}_building"
    odoo db init --force --country "$DEALER_COUNTRY" \
        --password "$DEALER_ADMIN_PASSWORD" "$work"
    odoo i18n loadlang -d "$work" -l zh_CN zh_TW
    odoo db rename "$work" "$database"
fi

echo "Installing or upgrading $addons"
odoo -d "$database" -i "$addons" -u "$addons" --stop-after-init --no-http
