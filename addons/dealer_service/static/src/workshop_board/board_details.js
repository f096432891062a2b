import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloatTime } from "@web/views/fields/formatters";
import { formatPromise, getPromise, getParts } from "./board_data";

/**
 * What there is to know about a bar or a waiting job, and what can be done with it.
 */
export class BoardDetails extends Component {
    static template = "dealer_service.BoardDetails";
    static props = {
        close: Function,
        data: Object,
        scale: Object,
        now: Object,
        bar: { type: Object, optional: true },
        job: { type: [Object, Boolean], optional: true },
        onAction: Function,
    };

    get job() {
        return this.props.job;
    }

    get period() {
        const { bar, scale } = this.props;
        if (!bar) {
            return "";
        }
        const [start, stop] = [bar.start, bar.stop].map((time) => scale.parse(time));
        return `${start.toFormat("HH:mm")} – ${stop.toFormat("HH:mm")}`;
    }

    get lines() {
        const { data } = this.props;
        const job = this.job;
        if (!job) {
            return [];
        }
        const hours = _t("%(clocked)s of %(planned)s", {
            clocked: formatFloatTime(job.clocked),
            planned: formatFloatTime(job.hours),
        });
        const parts = getParts(job);
        return [
            { icon: "fa-user", label: _t("Technician"), text: job.technician },
            {
                icon: "fa-user-plus",
                label: _t("Helpers"),
                text: job.helpers.join(", "),
            },
            { icon: "fa-map-marker", label: _t("Bay"), text: job.bay },
            { icon: "fa-users", label: _t("Team"), text: job.team },
            { icon: "fa-hourglass-half", label: _t("Clocked"), text: hours },
            {
                icon: "fa-flag-checkered",
                label: _t("Promised"),
                text: formatPromise(job, this.props.scale),
                class: `o_wb_promise_${getPromise(job, this.props.scale, this.props.now)}`,
            },
            { icon: "fa-cube", label: _t("Parts"), text: parts?.label },
            {
                icon: "fa-pause",
                label: _t("Paused"),
                text: job.state === "paused" && data.pause_reasons[job.pause_reason],
            },
            { icon: "fa-headphones", label: _t("Advisor"), text: job.advisor },
        ].filter((line) => line.text);
    }

    act(name) {
        this.props.close();
        this.props.onAction(name, this.props.bar, this.job);
    }
}
