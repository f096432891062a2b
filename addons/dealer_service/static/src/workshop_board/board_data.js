import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const FINISHED = ["done", "self_checked", "peer_checked"];
const LEFT = ["ready", "settled", "delivered", "left", "cancelled"];

const PARTS = {
    waiting: { icon: "fa-ban text-danger", label: _t("Parts missing") },
    partial: { icon: "fa-adjust text-warning", label: _t("Parts partly there") },
    ready: { icon: "fa-check-circle-o text-success", label: _t("Parts ready") },
    issued: { icon: "fa-check-circle text-success", label: _t("Parts issued") },
};

/** Icon and label of a job's parts, with the day when missing ones are expected. */
export function getParts(job) {
    const parts = PARTS[job?.parts];
    if (!parts || !job.parts_expected_on) {
        return parts;
    }
    const day = deserializeDate(job.parts_expected_on);
    const text = day.toLocaleString({ month: "numeric", day: "numeric" });
    return { ...parts, label: `${parts.label} · ${text}` };
}

/** How a bar or card stands to what was promised: "", "later", "soon" or "missed". */
export function getPromise(job, scale, now) {
    if (!job?.promised_at || job.state === "done" || LEFT.includes(job.order_state)) {
        return "";
    }
    const minutes = scale.parse(job.promised_at).diff(now).as("minutes");
    return minutes < 0 ? "missed" : minutes <= 60 ? "soon" : "later";
}

/** Today: the time; another day: the date too. */
export function formatPromise(job, scale) {
    if (!job?.promised_at) {
        return "";
    }
    const time = scale.parse(job.promised_at);
    const isSameDay = time.hasSame(scale.start, "day");
    return time.toFormat(isSameDay ? "HH:mm" : "M/d HH:mm");
}

/** Class of the state of a bar. */
export function getStateClass({ job, order_id: orderId }) {
    if (!job) {
        return orderId ? "o_wb_booked" : "o_wb_note";
    }
    return `o_wb_${job.state}`;
}

export function isFinished(job) {
    return FINISHED.includes(job.state) || LEFT.includes(job.order_state);
}

/** What the head of the board counts, over bars and waiting jobs together. */
export function countJobs(data, scale, now) {
    const jobs = new Map(data.waiting.map((job) => [job.id, job]));
    for (const bar of data.bars) {
        if (bar.job) {
            jobs.set(bar.job.id, bar.job);
        }
    }
    const count = (test) => [...jobs.values()].filter(test).length;
    return {
        waiting: data.waiting.length,
        working: count((job) => job.state === "in_progress"),
        paused: count((job) => job.state === "paused"),
        late: count((job) => getPromise(job, scale, now) === "missed"),
    };
}
