import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import {
    formatPromise,
    getPromise,
    getStateClass,
    isFinished,
    getParts,
} from "./board_data";

/**
 * One reservation: plate, job, who or where, and how it stands to the promise.
 */
export class BoardBar extends Component {
    static template = "dealer_service.BoardBar";
    static props = {
        bar: Object,
        data: Object,
        scale: Object,
        now: Object,
        dimmed: Boolean,
        movable: Boolean,
        moved: Boolean,
        onGrab: Function,
        onOpen: Function,
    };

    get job() {
        return this.props.bar.job;
    }

    get period() {
        const { bar, scale } = this.props;
        return [scale.parse(bar.start), scale.parse(bar.stop)];
    }

    get style() {
        return this.props.scale.toStyle(...this.period);
    }

    get promise() {
        return getPromise(this.job, this.props.scale, this.props.now);
    }

    get promiseText() {
        return this.promise ? formatPromise(this.job, this.props.scale) : "";
    }

    /** The plan itself breaks the promise. */
    get isTooLate() {
        const { scale } = this.props;
        return this.promise && this.period[1] > scale.parse(this.job.promised_at);
    }

    /** It should have begun, and nobody has. */
    get isOverdue() {
        return this.job?.state === "approved" && this.period[0] < this.props.now;
    }

    get title() {
        return this.job ? this.job.plate : this.props.bar.plate || this.props.bar.note;
    }

    get text() {
        const { bar, data } = this.props;
        if (!this.job) {
            return bar.plate ? bar.order : "";
        }
        if (this.job.state === "paused") {
            return data.pause_reasons[this.job.pause_reason] || this.job.name;
        }
        return this.job.name;
    }

    get other() {
        const { bar, data } = this.props;
        if (bar.is_helper) {
            return _t("Helps %s", this.job.technician);
        }
        return (
            this.job && (data.group_by === "bay" ? this.job.technician : this.job.bay)
        );
    }

    get helpers() {
        return this.job?.helpers.length
            ? _t("With %s", this.job.helpers.join(", "))
            : "";
    }

    get parts() {
        return this.job && !isFinished(this.job) && getParts(this.job);
    }

    get classes() {
        const { bar, dimmed, movable, moved, scale } = this.props;
        const [start, stop] = this.period;
        return {
            [getStateClass(bar)]: true,
            [`o_wb_bar_${this.promise}`]: this.promise,
            o_wb_dimmed: dimmed,
            o_wb_movable: movable,
            o_wb_moved: moved,
            o_wb_helper: bar.is_helper,
            o_wb_pending: bar.pending,
            o_wb_overdue: this.isOverdue,
            o_wb_cut_left: start < scale.start,
            o_wb_cut_right: stop > scale.stop,
        };
    }
}
