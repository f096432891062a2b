import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useState } from "@odoo/owl";

const { DateTime } = luxon;

/**
 * Shows how long a clock has been running, from its start time until now.
 */
export class RunningClockField extends Component {
    static template = "dealer_service.RunningClockField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: DateTime.now() });
        const timer = setInterval(() => (this.state.now = DateTime.now()), 1000);
        onWillUnmount(() => clearInterval(timer));
    }

    get elapsed() {
        const start = this.props.record.data[this.props.name];
        if (!start) {
            return "";
        }
        const elapsed = Math.max(this.state.now.diff(start).as("seconds"), 0);
        const pad = (value) => `${Math.floor(value)}`.padStart(2, "0");
        return [elapsed / 3600, (elapsed / 60) % 60, elapsed % 60].map(pad).join(":");
    }
}

export const runningClockField = {
    component: RunningClockField,
    displayName: _t("Running clock"),
    supportedTypes: ["datetime"],
};

registry.category("fields").add("dealer_running_clock", runningClockField);
