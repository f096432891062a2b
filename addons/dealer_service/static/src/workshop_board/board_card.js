import { Component } from "@odoo/owl";
import { formatFloatTime } from "@web/views/fields/formatters";
import { formatPromise, getPromise, getParts } from "./board_data";

/**
 * One job that waits for a place.
 */
export class BoardCard extends Component {
    static template = "dealer_service.BoardCard";
    static props = {
        job: Object,
        data: Object,
        scale: Object,
        now: Object,
        dimmed: Boolean,
        movable: Boolean,
        onGrab: Function,
        onOpen: Function,
    };

    get promise() {
        return getPromise(this.props.job, this.props.scale, this.props.now);
    }

    get promiseText() {
        return formatPromise(this.props.job, this.props.scale);
    }

    get hours() {
        return formatFloatTime(this.props.job.hours);
    }

    get parts() {
        return getParts(this.props.job);
    }

    get state() {
        const { job, data } = this.props;
        if (job.state === "approved") {
            return "";
        }
        return data.pause_reasons[job.pause_reason] || data.states[job.state];
    }

    /** A finger scrolls the list, except on the grip; a mouse drags anywhere. */
    onPointerDown(ev) {
        if (ev.pointerType !== "touch" || ev.target.closest(".o_wb_grip")) {
            this.props.onGrab(ev, this.props.job);
        }
    }
}
