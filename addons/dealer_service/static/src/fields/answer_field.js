import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Shows the answers to choose from as buttons, in a list too: one tap answers, and opens
 * the row for a reason. A second tap takes the answer back.
 */
export class AnswerField extends Component {
    static template = "dealer_service.AnswerField";
    static props = { ...standardFieldProps };

    get answers() {
        const { record, name } = this.props;
        return record.fields[name].selection.map(([value, label]) => ({
            value,
            label,
            isChosen: value === record.data[name],
        }));
    }

    async answer({ value, isChosen }) {
        const { record, name } = this.props;
        await record.update({ [name]: isChosen ? false : value });
    }
}

export const answerField = {
    component: AnswerField,
    displayName: _t("Answer"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("dealer_answer", answerField);
