import { Component, onWillUnmount, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloatTime } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const TICK_MS = 15_000;

/**
 * Clocked hours of a job against the planned ones, running clocks included.
 */
export class JobProgressField extends Component {
    static template = "dealer_service.JobProgressField";
    static props = {
        ...standardFieldProps,
        plannedField: String,
        runningField: { type: String, optional: true },
    };

    setup() {
        this.state = useState({ now: DateTime.now() });
        const timer = setInterval(() => (this.state.now = DateTime.now()), TICK_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    get clocked() {
        const { name, record, runningField } = this.props;
        const starts = record.data[runningField] || [];
        return starts.reduce(
            (sum, start) =>
                sum + this.state.now.diff(deserializeDateTime(start)).as("hours"),
            record.data[name],
        );
    }

    get planned() {
        return this.props.record.data[this.props.plannedField];
    }

    get percent() {
        return this.planned ? (this.clocked / this.planned) * 100 : 0;
    }

    /** From 75 % of the planned time on, somebody should ask (progress check). */
    get color() {
        return this.percent > 100
            ? "danger"
            : this.percent > 75
              ? "warning"
              : "success";
    }

    get text() {
        return _t("%(clocked)s of %(planned)s", {
            clocked: formatFloatTime(this.clocked),
            planned: formatFloatTime(this.planned),
        });
    }
}

export const jobProgressField = {
    component: JobProgressField,
    displayName: _t("Clocked against planned hours"),
    supportedTypes: ["float"],
    extractProps: ({ options }) => ({
        plannedField: options.planned_field,
        runningField: options.running_field,
    }),
};

registry.category("fields").add("dealer_job_progress", jobProgressField);
