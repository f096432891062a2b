import { Component } from "@odoo/owl";
import { day, isPast, moment } from "./reception_format";

/** Who is expected today, which cars are in the store, and what waits. */
export class ReceptionStart extends Component {
    static template = "dealer_service.ReceptionStart";
    static props = {
        overview: Object,
        openCar: Function,
        openIntake: Function,
        openRecord: Function,
        openVisit: Function,
    };

    setup() {
        Object.assign(this, { day, isPast, moment });
    }

    /** A task of the intake is done on its page, the others on the visit. */
    openTask(line) {
        const isIntake = line.tasks[0].key === "intake";
        return isIntake
            ? this.props.openIntake(line.id)
            : this.props.openVisit(line.id);
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
