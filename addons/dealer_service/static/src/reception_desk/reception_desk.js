import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ReceptionCard } from "./reception_card";
import { ReceptionRegister } from "./reception_register";
import { ReceptionStart } from "./reception_start";

// Milliseconds of silence after which typing counts as a question.
const TYPING_PAUSE = 180;

/**
 * The reception desk: one box to type or scan into, and one screen per car.
 *
 * Before anything is typed it shows who is expected today and which cars are here.
 * A scanner types and presses Enter; a person may wait until the finds appear.
 */
export class ReceptionDesk extends Component {
    static template = "dealer_service.ReceptionDesk";
    static components = { ReceptionCard, ReceptionRegister, ReceptionStart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useRef("search");
        this.keepLast = new KeepLast();
        this.matches = {
            plate: _t("Plate"),
            vin: _t("VIN"),
            phone: _t("Telephone"),
            bag: _t("File bag"),
            former_plate: _t("Former plate"),
            vin_tail: _t("VIN"),
            plate_part: _t("Plate"),
            name: _t("Name"),
            phone_tail: _t("Telephone"),
        };
        const kept = this.props.state || {};
        this.state = useState({
            text: kept.text || "",
            results: [],
            asked: "",
            card: null,
            draft: {},
            newCar: null,
            overview: {
                appointments: [],
                present: [],
                tasks: [],
                files: [],
                visitors: [],
            },
        });
        this.searchSoon = useDebounced(() => this.search(), TYPING_PAUSE);
        useSetupAction({
            getLocalState: () => ({
                text: this.state.text,
                vehicleId: this.vehicleId,
            }),
        });
        onWillStart(() => this.start(kept.vehicleId || this.props.resId));
        onMounted(() => this.focus());
    }

    get vehicleId() {
        return this.state.card ? this.state.card.vehicle.id : false;
    }

    /** On a phone the car needs the room of the buttons beside the search. */
    get buttonClass() {
        const { card, newCar } = this.state;
        return card || newCar ? "d-none d-md-block" : "";
    }

    get hasFoundNothing() {
        return this.state.asked && !this.state.results.length;
    }

    async start(vehicleId) {
        if (Number.isInteger(vehicleId)) {
            return this.open(vehicleId);
        }
        await this.loadOverview();
        if (this.state.text) {
            await this.search();
        }
    }

    async loadOverview() {
        this.state.overview = await this.orm.call(
            "dealer.repair.order",
            "reception_overview",
            [],
        );
    }

    /** A scanner types where the cursor is; a phone would cover the list. */
    focus() {
        if (this.input.el && !this.state.card && !this.env.isSmall) {
            this.input.el.focus();
        }
    }

    // What is typed --------------------------------------------------------------

    onInput() {
        this.searchSoon();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.searchSoon.cancel();
            this.search(true);
        } else if (ev.key === "Escape") {
            this.clear();
        }
    }

    /**
     * @param {boolean} [isSent] Enter was pressed: open what only one car can be
     */
    async search(isSent = false) {
        const text = this.state.text.trim();
        if (!text) {
            return this.clear();
        }
        const results = await this.keepLast.add(
            this.orm.call("dealer.vehicle", "reception_search", [text]),
        );
        this.close();
        Object.assign(this.state, { results, asked: text });
        const [first, ...others] = results;
        if (isSent && first && (first.exact || !others.length)) {
            await this.choose(first);
        }
    }

    async clear() {
        this.searchSoon.cancel();
        this.close();
        Object.assign(this.state, { text: "", results: [], asked: "" });
        this.focus();
        await this.loadOverview();
    }

    close() {
        Object.assign(this.state, { card: null, draft: {}, newCar: null });
        this.props.updateActionState?.({ resId: false });
    }

    // What is shown --------------------------------------------------------------

    async choose(result) {
        if (result.vehicle_id) {
            return this.open(result.vehicle_id);
        }
        this.register({
            owner_id: result.partner_id,
            owner_name: result.owner,
            owner_phone: result.phone,
        });
    }

    /**
     * @param {number} vehicleId
     * @param {Object} [draft] what is known of the new visit, e.g. its appointment
     */
    async open(vehicleId, draft = {}) {
        const card = await this.keepLast.add(
            this.orm.call("dealer.vehicle", "reception_card", [vehicleId]),
        );
        Object.assign(this.state, { card, draft, newCar: null });
        this.props.updateActionState?.({ resId: vehicleId });
    }

    /** Begin the file of an unknown car with what was typed. */
    register(values = {}) {
        this.state.card = null;
        this.state.newCar = { ...this.guess(this.state.text), ...values };
    }

    /** Tell what the typed text can be the value of. */
    guess(text) {
        const typed = text.trim().toUpperCase();
        if (/^[A-Z0-9]{17}$/.test(typed)) {
            return { vin: typed };
        }
        if (/^[\d\s+()-]{7,}$/.test(typed)) {
            return { owner_phone: typed };
        }
        if (/\d/.test(typed)) {
            return { plate: typed };
        }
        return { owner_name: text.trim() };
    }

    // Where it leads -------------------------------------------------------------

    /** Walk around the car; the visit follows when the sheet is signed. */
    async openIntake(orderId) {
        const action = await this.orm.call(
            "dealer.repair.order",
            "action_open_intake",
            [[orderId]],
        );
        return this.action.doAction(action, {
            additionalContext: { dealer_from_desk: true },
        });
    }

    openVisit(orderId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "dealer.repair.order",
            res_id: orderId,
            views: [[false, "form"]],
        });
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Note a visit that ends without repair. */
    logVisit(values = {}) {
        const context = {};
        for (const [name, value] of Object.entries(values)) {
            context[`default_${name}`] = value;
        }
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Visit without repair"),
                res_model: "dealer.reception.log",
                views: [[false, "form"]],
                target: "new",
                context,
            },
            { onClose: () => this.refresh() },
        );
    }

    async refresh() {
        if (this.vehicleId) {
            return this.open(this.vehicleId, this.state.draft);
        }
        await this.loadOverview();
    }
}

registry.category("actions").add("dealer_reception_desk", ReceptionDesk);
