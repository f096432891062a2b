import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

// Milliseconds of silence after which what is known already is looked up.
const TYPING_PAUSE = 300;
const NOTHING = { cars: [], customers: [] };

/**
 * The file of an unknown car and its owner, in one screen.
 *
 * While it is filled in, known cars and customers with this plate, VIN or telephone
 * number are offered; the server refuses to create them twice.
 */
export class ReceptionRegister extends Component {
    static template = "dealer_service.ReceptionRegister";
    static components = { RecordSelector };
    static props = { values: Object, open: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.labels = { model: _t("Model") };
        this.state = useState({
            values: {
                plate: "",
                vin: "",
                model_id: false,
                color: "",
                engine_no: "",
                purchase_date: "",
                owner_id: false,
                owner_name: "",
                owner_phone: "",
                owner_street: "",
                ...this.props.values,
            },
            takesOver: false,
            isOther: false,
            duplicates: NOTHING,
            isBusy: false,
        });
        this.lookSoon = useDebounced(() => this.look(), TYPING_PAUSE);
        this.look();
    }

    get customers() {
        const { isOther, values, duplicates } = this.state;
        return isOther || values.owner_id ? [] : duplicates.customers;
    }

    get cars() {
        const { takesOver, duplicates } = this.state;
        return duplicates.cars.filter((car) => !(takesOver && car.match === "plate"));
    }

    /** Look up what is known already of the values so far. */
    async look() {
        const { vin, plate, owner_phone } = this.state.values;
        const found = await this.keepLast.add(
            this.orm.call("dealer.vehicle", "reception_duplicates", [
                { vin, plate, owner_phone },
            ]),
        );
        this.state.duplicates = found;
    }

    onIdentityInput() {
        Object.assign(this.state, { takesOver: false, isOther: false });
        this.lookSoon();
    }

    chooseOwner(customer) {
        Object.assign(this.state.values, {
            owner_id: customer.partner_id,
            owner_name: customer.name,
            owner_phone: customer.phone,
        });
    }

    forgetOwner() {
        Object.assign(this.state.values, {
            owner_id: false,
            owner_name: "",
            owner_phone: "",
        });
    }

    async save() {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const { vehicle_id, duplicates } = await this.orm.call(
                "dealer.vehicle",
                "reception_register",
                [
                    {
                        ...this.state.values,
                        take_over: this.state.takesOver,
                        other_person: this.state.isOther,
                    },
                ],
            );
            if (vehicle_id) {
                await this.props.open(vehicle_id);
            } else {
                Object.assign(this.state, { duplicates, isOther: false });
            }
        } finally {
            this.state.isBusy = false;
        }
    }
}
