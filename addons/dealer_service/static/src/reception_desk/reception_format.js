import { _t } from "@web/core/l10n/translation";
import {
    deserializeDate,
    deserializeDateTime,
    toLocaleDateString,
} from "@web/core/l10n/dates";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";

const { DateTime } = luxon;

/** Show a day as the reader's calendar does; nothing for no day. */
export function day(value) {
    return value ? toLocaleDateString(deserializeDate(value)) : "";
}

/** Show a moment of today by its time, another one by its day and time. */
export function moment(value) {
    if (!value) {
        return "";
    }
    const date = deserializeDateTime(value);
    const time = date.toFormat("HH:mm");
    return date.hasSame(DateTime.now(), "day")
        ? time
        : `${date.toFormat("MM-dd")} ${time}`;
}

/** Show the day of a moment. */
export function dayOf(value) {
    return value ? toLocaleDateString(deserializeDateTime(value)) : "";
}

export function isPast(value) {
    return Boolean(value) && deserializeDateTime(value) < DateTime.now();
}

export function km(value) {
    return `${formatInteger(value || 0)} km`;
}

/** Tell what is left of a guarantee. */
export function daysLeft(days) {
    return _t("%s days left", days);
}

export function kmLeft(value) {
    return _t("%s left", km(value));
}

export function money(value, currencyId) {
    return formatMonetary(value, { currencyId });
}
