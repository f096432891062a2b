import { onWillUnmount, reactive, useState } from "@odoo/owl";
import { serializeDateTime } from "@web/core/l10n/dates";
import { startDrag } from "./board_drag";
import { SNAP } from "./time_scale";

const ROW_FIELDS = { bay: "bay_id", technician: "employee_id" };
const PLAN_ARGUMENTS = { bay: "bay_id", technician: "technician_id" };

/**
 * Dragging on the board: a bar to another time or row, its edge to other hours, a
 * waiting job to its place.
 *
 * `preview` is where the thing would land: `{ rowId, start, stop, x, y }`, in minutes of
 * the axis; `rowId` is 0 while it is over no row.
 */
export function useBoardDrag(board) {
    const drag = useState(
        reactive({ isActive: false, subject: null, kind: "", preview: null }),
    );
    let stop = () => {};
    onWillUnmount(() => stop());

    function getTrack(ev) {
        const el = document.elementFromPoint(ev.clientX, ev.clientY);
        return el?.closest(".o_wb_track");
    }

    function getMinutes(ev, track) {
        const { left, width } = track.getBoundingClientRect();
        return ((ev.clientX - left) / width) * board.scale.minutes;
    }

    function move(down, ev) {
        const { kind, subject, origin } = drag;
        const track = getTrack(ev);
        const rowId = track ? Number(track.dataset.rowId) : 0;
        const { scale } = board;
        const preview = { rowId, x: ev.clientX, y: ev.clientY };
        if (kind === "new") {
            const length = Math.max((subject.hours || 1) * 60, SNAP);
            const start = track ? scale.snap(getMinutes(ev, track)) : 0;
            drag.preview = { ...preview, start, stop: start + length };
            return;
        }
        const shift = ((ev.clientX - down.clientX) / origin.width) * scale.minutes;
        if (kind === "resize") {
            const end = Math.max(scale.snap(origin.stop + shift), origin.start + SNAP);
            drag.preview = {
                ...preview,
                rowId: subject.row_id,
                start: origin.start,
                stop: end,
            };
            return;
        }
        const start = scale.snap(origin.start + shift);
        const length = origin.stop - origin.start;
        drag.preview = { ...preview, start, stop: start + length };
    }

    function finish() {
        drag.isActive = false;
        drag.preview = null;
        drag.subject = null;
    }

    async function drop() {
        const { kind, subject, preview, origin } = drag;
        finish();
        const isSame =
            kind !== "new" &&
            preview.rowId === subject.row_id &&
            preview.start === origin.start &&
            preview.stop === origin.stop;
        if (!preview.rowId || isSame) {
            return;
        }
        await save(kind, subject, preview);
    }

    /** Show it where it was dropped, ask the server, and show what came of it. */
    async function save(kind, subject, { rowId, start, stop }) {
        const { scale, data, state } = board;
        const [from, to] = [start, stop].map((m) =>
            serializeDateTime(scale.fromMinutes(m)),
        );
        const bar =
            kind === "new" ? { id: `new-${subject.id}`, job: subject } : subject;
        Object.assign(bar, { row_id: rowId, start: from, stop: to, pending: true });
        if (kind === "new") {
            data.bars.push(bar);
            data.waiting = data.waiting.filter((job) => job.id !== subject.id);
        }
        const job = bar.job;
        // The server moves the job with its helper.
        if (!job || bar.is_helper) {
            const vals = { start: from, stop: to, [ROW_FIELDS[state.groupBy]]: rowId };
            await board.change("dealer.reservation", "write", [[bar.id], vals]);
            return;
        }
        const plan = { start: from, [PLAN_ARGUMENTS[state.groupBy]]: rowId };
        if (kind === "resize" || !job.hours) {
            plan.hours = (stop - start) / 60;
        }
        await board.change("dealer.repair.job", "action_plan", [[job.id]], plan);
    }

    /** Take hold of a bar (`move`, `resize`) or a waiting job (`new`). */
    drag.grab = (ev, subject, kind) => {
        if (ev.button !== 0 || (kind !== "new" && !board.isMovable(subject))) {
            return;
        }
        if (!board.canMove) {
            return;
        }
        const { scale } = board;
        drag.subject = subject;
        drag.kind = kind;
        if (kind !== "new") {
            const track = ev.target.closest(".o_wb_track");
            drag.origin = {
                width: track.getBoundingClientRect().width,
                start: scale.toMinutes(scale.parse(subject.start)),
                stop: scale.toMinutes(scale.parse(subject.stop)),
            };
        }
        stop = startDrag(ev, {
            scroller: board.dayRef.el,
            onMove: (moved) => {
                drag.isActive = true;
                board.popover.close();
                move(ev, moved);
            },
            onDrop: drop,
            onCancel: finish,
        });
    };
    return drag;
}
