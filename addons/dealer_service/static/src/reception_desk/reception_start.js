import { Component } from "@odoo/owl";
import { isPast, moment } from "./reception_format";

/** Who is expected today, and which cars are in the store. */
export class ReceptionStart extends Component {
    static template = "dealer_service.ReceptionStart";
    static props = { overview: Object, openCar: Function, openVisit: Function };

    setup() {
        Object.assign(this, { isPast, moment });
    }

    isLate(line) {
        return isPast(line.promised_at) && !["ready", "settled"].includes(line.state);
    }

    tone(line) {
        if (this.isLate(line)) {
            return "text-bg-danger";
        }
        const tones = {
            ready: "text-bg-success",
            settled: "text-bg-success",
            in_progress: "text-bg-info",
            inspection: "text-bg-info",
        };
        return tones[line.state] || "text-bg-light";
    }
}
