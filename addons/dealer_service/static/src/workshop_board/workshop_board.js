import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { BoardBar } from "./board_bar";
import { BoardCard } from "./board_card";
import { countJobs, getPromise } from "./board_data";
import { BoardDetails } from "./board_details";
import { useBoardDrag } from "./board_drag_hook";
import { TimeScale } from "./time_scale";

const { DateTime } = luxon;
const GROUP_KEY = "dealer_service.workshop_board.group_by";
const NOTICE = "dealer_service/workshop_changed";
const TICK_MS = 20_000;
// In case a notice was lost, e.g. while the computer slept.
const RELOAD_MS = 300_000;

/**
 * The control board of a workshop: one day, who works where on what.
 */
export class WorkshopBoard extends Component {
    static template = "dealer_service.WorkshopBoard";
    static components = { BoardBar, BoardCard, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.notification = useService("notification");
        this.bus = useService("bus_service");
        this.popover = usePopover(BoardDetails, { popoverClass: "o_wb_popover" });
        this.root = useRef("root");
        this.dayRef = useRef("day");
        this.keepLast = new KeepLast();
        this.state = useState({
            data: null,
            date: false,
            groupBy: browser.localStorage.getItem(GROUP_KEY) || "bay",
            teamId: 0,
            query: "",
            now: DateTime.now(),
            wall: Boolean(router.current.wall),
            showWaiting: !this.env.isSmall,
            loads: 0,
            earlier: [],
        });
        this.drag = useBoardDrag(this);
        this.reload = useDebounced(() => this.load(), 400);
        this.listen();
        onWillStart(() => this.load());
        const tick = setInterval(() => (this.state.now = DateTime.now()), TICK_MS);
        const refresh = setInterval(() => this.load(), RELOAD_MS);
        const onFullscreen = () => {
            if (!document.fullscreenElement) {
                this.state.wall = false;
            }
        };
        onMounted(() => document.addEventListener("fullscreenchange", onFullscreen));
        onWillUnmount(() => {
            clearInterval(tick);
            clearInterval(refresh);
            document.removeEventListener("fullscreenchange", onFullscreen);
        });
    }

    /** Fetch the board again when somebody changed something in this store. */
    listen() {
        const channel = `dealer_workshop_${user.activeCompany.id}`;
        const onNotice = ({ company_id: companyId }) => {
            if (companyId === user.activeCompany.id) {
                this.reload();
            }
        };
        this.bus.addChannel(channel);
        this.bus.subscribe(NOTICE, onNotice);
        onWillUnmount(() => {
            this.bus.unsubscribe(NOTICE, onNotice);
            this.bus.deleteChannel(channel);
        });
    }

    // === DATA === //

    async load() {
        if (this.drag.isActive) {
            return;
        }
        const call = this.orm.silent.call("dealer.workshop.board", "get_board", [], {
            date: this.state.date,
            group_by: this.state.groupBy,
        });
        const data = await this.keepLast.add(call);
        this.scale = new TimeScale(data.start, data.stop, data.tz);
        this.state.now = DateTime.now();
        this.state.data = data;
        this.state.loads++;
        this.loadEarlier();
    }

    /** What could start earlier; asked for apart, so that the board does not wait. */
    async loadEarlier() {
        this.state.earlier =
            this.canMove && this.isToday
                ? await this.orm.silent.call("dealer.repair.job", "suggest_earlier", [])
                : [];
    }

    describeEarlier({ planned_start: planned, start, bay, technician }) {
        const format = (time) => this.scale.parse(time).toFormat("HH:mm");
        const times = planned ? `${format(planned)} → ${format(start)}` : format(start);
        return [times, bay, technician].filter(Boolean).join(" · ");
    }

    async pullForward({ job_id: jobId }) {
        await this.change("dealer.repair.job", "action_pull_forward", [[jobId]]);
    }

    get data() {
        return this.state.data;
    }

    get now() {
        return this.state.now;
    }

    get counts() {
        return countJobs(this.data, this.scale, this.now);
    }

    get shading() {
        return `background-image:${this.scale.getShading(this.data.opening)}`;
    }

    get isToday() {
        return this.data.date === this.data.today;
    }

    get dayLabel() {
        return DateTime.fromISO(this.data.date).toLocaleString({
            weekday: "long",
            month: "long",
            day: "numeric",
        });
    }

    get shortDayLabel() {
        return DateTime.fromISO(this.data.date).toLocaleString({
            weekday: "short",
            month: "short",
            day: "numeric",
        });
    }

    get clock() {
        return this.now.setZone(this.data.tz).toFormat("HH:mm");
    }

    get nowStyle() {
        return `--wb-now:${(this.scale.toPercent(this.now) / 100).toFixed(5)}`;
    }

    get showsNow() {
        return (
            this.isToday && this.now >= this.scale.start && this.now <= this.scale.stop
        );
    }

    get canMove() {
        return this.data.can_plan && !this.state.wall;
    }

    // === FILTERS === //

    get rows() {
        const { teamId } = this.state;
        const byTeam = teamId && this.state.groupBy === "technician";
        return this.data.rows.filter((row) => !byTeam || row.team_id === teamId);
    }

    get waiting() {
        const { teamId } = this.state;
        return this.data.waiting.filter((job) => !teamId || job.team_id === teamId);
    }

    getBars(row) {
        return this.data.bars.filter((bar) => bar.row_id === row.id);
    }

    getClocks(row) {
        return this.data.clocks.filter((clock) => clock.row_id === row.id);
    }

    getClockStyle(clock) {
        const stop = clock.stop ? this.scale.parse(clock.stop) : this.now;
        return this.scale.toStyle(this.scale.parse(clock.start), stop);
    }

    /** Hours taken of a row that day, as "5.5 h". */
    getLoad(row) {
        const minutes = this.getBars(row).reduce((sum, bar) => {
            const [start, stop] = [bar.start, bar.stop].map((t) => this.scale.parse(t));
            const from = Math.max(start, this.scale.start);
            return sum + Math.max(Math.min(stop, this.scale.stop) - from, 0) / 60_000;
        }, 0);
        return minutes ? _t("%s h", Math.round(minutes / 6) / 10) : "";
    }

    isDimmed(job, plate) {
        const { query, teamId } = this.state;
        const text = `${job?.plate || plate || ""} ${job?.name || ""} ${job?.technician || ""}`;
        const found = text.toLowerCase().includes(query.trim().toLowerCase());
        return !found || Boolean(teamId && job && job.team_id !== teamId);
    }

    isMovable(bar) {
        return this.canMove && !bar.pending && (bar.job ? bar.job.can_plan : true);
    }

    getPromise(job) {
        return getPromise(job, this.scale, this.now);
    }

    // === HEAD === //

    shiftDay(days) {
        const day = DateTime.fromISO(this.data.date).plus({ days });
        this.showDay(day.toISODate());
    }

    showDay(date) {
        if (date !== "") {
            this.state.date = date === this.data.today ? false : date;
            this.load();
        }
    }

    setGroupBy(groupBy) {
        this.state.groupBy = groupBy;
        browser.localStorage.setItem(GROUP_KEY, groupBy);
        this.load();
    }

    setTeam(ev) {
        this.state.teamId = Number(ev.target.value);
    }

    toggleWall() {
        this.state.wall = !this.state.wall;
        if (this.state.wall) {
            this.state.showWaiting = true;
            this.state.date = false;
            this.load();
            this.root.el.requestFullscreen?.().catch(() => {});
        } else if (document.fullscreenElement) {
            document.exitFullscreen();
        }
    }

    // === DETAILS === //

    open(ev, { bar, job }) {
        if (this.state.wall) {
            return;
        }
        this.popover.open(ev.currentTarget, {
            bar,
            job: job || bar?.job,
            data: this.data,
            scale: this.scale,
            now: this.now,
            onAction: (name, ...args) => this.onAction(name, ...args),
        });
    }

    async onAction(name, bar, job) {
        if (name === "job") {
            this.openRecord("dealer.repair.job", job.id);
        } else if (name === "order") {
            this.openRecord("dealer.repair.order", job?.order_id || bar.order_id);
        } else if (name === "plan") {
            await this.actionService.doActionButton({
                type: "object",
                name: "action_open_plan",
                resModel: "dealer.repair.job",
                resId: job.id,
                onClose: () => this.load(),
            });
        } else if (name === "unplan") {
            await this.change("dealer.repair.job", "action_unplan", [[job.id]]);
        }
    }

    openRecord(resModel, resId) {
        this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    /** Call the server; what it refuses is said, and the board shows how it is. */
    async change(model, method, args, kwargs = {}) {
        try {
            return await this.orm.call(model, method, args, kwargs);
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.message) {
                throw error;
            }
            this.notification.add(error.data.message, { type: "danger" });
            return false;
        } finally {
            await this.load();
        }
    }
}

registry.category("actions").add("dealer_service.workshop_board", WorkshopBoard);
