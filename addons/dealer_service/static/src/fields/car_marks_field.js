import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DamageMarks } from "@dealer_service/intake/damage_marks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Shows the damage marks of an intake sheet on the drawing of the car, and places
 * them by a tap.
 */
export class CarMarksField extends Component {
    static template = "dealer_service.CarMarksField";
    static components = { DamageMarks };
    static props = { ...standardFieldProps };

    get list() {
        return this.props.record.data[this.props.name];
    }

    get marks() {
        return this.list.records.map((record, index) => ({
            ...record.data,
            key: record.id,
            number: index + 1,
        }));
    }

    recordOf(key) {
        return this.list.records.find((record) => record.id === key);
    }

    async onAdd(values) {
        const context = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [`default_${name}`, value]),
        );
        await this.list.addNewRecord({ context, mode: "readonly", position: "bottom" });
    }

    onChange(key, values) {
        return this.recordOf(key).update(values);
    }

    onRemove(key) {
        return this.list.delete(this.recordOf(key));
    }
}

export const carMarksField = {
    component: CarMarksField,
    displayName: _t("Damage marks on the car"),
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "view", type: "char" },
        { name: "x", type: "float", digits: [5, 4] },
        { name: "y", type: "float", digits: [5, 4] },
        { name: "kind", type: "char" },
        { name: "note", type: "char" },
    ],
};

registry.category("fields").add("dealer_car_marks", carMarksField);
