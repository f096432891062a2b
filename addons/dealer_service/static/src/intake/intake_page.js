import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { NameAndSignature } from "@web/core/signature/name_and_signature";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { imageUrl } from "@web/core/utils/urls";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { DamageMarks, useMarkLabels } from "./damage_marks";
import { IntakeStore } from "./intake_store";
import { usePhotoUpload } from "./photo_upload";

const ORDER = "dealer.repair.order";
const TYPING_MS = 800;

/** The steps of the walk around the car; their keys are those of the server. */
const STEPS = [
    { key: "gate", label: _t("At the gate"), icon: "fa-tachometer" },
    { key: "damage", label: _t("Damage"), icon: "fa-car" },
    { key: "lamps", label: _t("Lamps"), icon: "fa-lightbulb-o" },
    { key: "belongings", label: _t("Belongings"), icon: "fa-suitcase" },
    { key: "agreed", label: _t("Agreed"), icon: "fa-handshake-o" },
    { key: "points", label: _t("Walk-round"), icon: "fa-list-ul" },
    { key: "photos", label: _t("Photos"), icon: "fa-camera" },
    { key: "sign", label: _t("Signature"), icon: "fa-pencil" },
];

/**
 * The guided intake: a walk around the car on a tablet, step by step (C6, F07).
 *
 * Everything is saved as it is entered (`IntakeStore`), so the page may be left and
 * opened again at any step. What a step still needs is computed by the server.
 */
export class IntakePage extends Component {
    static template = "dealer_service.IntakePage";
    static components = { DamageMarks, Layout, NameAndSignature };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.fieldService = useService("field");
        this.formatInteger = formatInteger;
        this.markLabels = useMarkLabels();
        this.steps = STEPS;
        this.eighths = [0, 1, 2, 3, 4, 5, 6, 7, 8];
        const { active_id, dealer_from_desk } = this.props.action.context;
        this.orderId = active_id;
        // The desk shows the car; whoever comes from there wants to see the visit.
        this.isFromDesk = Boolean(dealer_from_desk);
        this.ui = useState({
            step: this.props.state?.step || "gate",
            isSigning: false,
            isSigningAgain: false,
            newItem: "",
        });
        this.signature = useState({ name: "", isSignatureEmpty: true });
        this.state = useState({});
        this.store = new IntakeStore(this.state, this, this.orderId);
        this.typed = useDebounced(() => this.store.flush(), TYPING_MS, {
            execBeforeUnmount: true,
        });
        this.contentRef = useRef("content");
        this.stepsRef = useRef("steps");
        useEffect(
            () => {
                const active = this.stepsRef.el?.querySelector(".active");
                active?.scrollIntoView({ block: "nearest", inline: "center" });
            },
            () => [this.ui.step],
        );
        this.photos = usePhotoUpload(this.orderId, (ids) =>
            this.store.linkLines("photo_ids", ids),
        );
        onWillStart(() => this.load());
        onWillUnmount(() => this.store.dispose());
        useSetupAction({
            beforeLeave: () => this.store.flush(),
            beforeUnload: (ev) => this.beforeUnload(ev),
            getLocalState: () => ({ step: this.ui.step }),
        });
    }

    async load() {
        const [fields] = await Promise.all([
            this.fieldService.loadFields("dealer.intake.item", {
                fieldNames: ["block"],
            }),
            this.store.load(),
        ]);
        this.blocks = fields.block.selection;
        this.env.config.setDisplayName(_t("Intake of %s", this.data.display_name));
    }

    beforeUnload(ev) {
        this.store.flush();
        if (!this.store.isClean) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }

    // --- What is shown ---

    get data() {
        return this.state.data;
    }

    /** A signed sheet, or somebody who only looks, changes nothing. */
    get readonly() {
        return !this.data.can_start_diagnosis || Boolean(this.data.intake_signed_on);
    }

    get stepIndex() {
        return this.steps.findIndex((step) => step.key === this.ui.step);
    }

    missingOf(step) {
        return this.data.intake_progress[step]?.missing || [];
    }

    /** What is missing of all steps, each sentence with its step. */
    get missing() {
        return this.steps.flatMap(({ key }) =>
            this.missingOf(key).map((sentence) => ({ step: key, sentence })),
        );
    }

    get missingBeforeSigning() {
        return this.missing.filter(({ step }) => step !== "sign");
    }

    items(kind, block = null) {
        return this.data.item_ids.filter(
            (item) =>
                item.kind === kind && (block === null || (item.block || "") === block),
        );
    }

    get pointBlocks() {
        return [...this.blocks, ["", _t("Other points")]].filter(
            ([block]) => this.items("walkround", block).length,
        );
    }

    get marks() {
        return this.data.mark_ids.map((mark, index) => ({
            ...mark,
            key: mark.id,
            note: mark.note || "",
            number: index + 1,
        }));
    }

    /** What the customer reads of a damage before he signs. */
    describeMark({ view, kind, note }) {
        const { markLabels: labels } = this;
        return [labels.view[view], labels.kind[kind], note].filter(Boolean).join(" · ");
    }

    get faultyPoints() {
        return this.items("walkround").filter((item) => !item.is_present);
    }

    /** What was recorded in a step, as a number beside its name. */
    countOf(step) {
        const ticked = (kind) => this.items(kind).filter((item) => item.is_present);
        const counts = {
            damage: () => this.data.mark_ids.length,
            lamps: () => ticked("lamp").length,
            belongings: () => ticked("belonging").length + ticked("document").length,
            photos: () => this.data.photo_ids.length,
        };
        return counts[step]?.() || 0;
    }

    get fuelEighths() {
        return Math.round(this.data.fuel_percent / 12.5);
    }

    get isMileageLower() {
        const { mileage, known_odometer } = this.data;
        return Boolean(mileage) && mileage < known_odometer;
    }

    get signatureUrl() {
        return imageUrl(ORDER, this.orderId, "intake_signature", {
            unique: Date.now(),
        });
    }

    get isSignatureShown() {
        return Boolean(this.data.intake_signature) && !this.ui.isSigningAgain;
    }

    photoUrl(photo) {
        return `/web/image/${photo.id}?width=320&height=320`;
    }

    // --- Walking ---

    go(step) {
        this.store.flush();
        this.ui.step = step;
        this.contentRef.el?.scrollTo({ top: 0 });
    }

    move(offset) {
        this.go(this.steps[this.stepIndex + offset].key);
    }

    // --- Entering ---

    change(values) {
        return this.store.change(values);
    }

    toggle(name) {
        return this.change({ [name]: !this.data[name] });
    }

    /** Keep what is typed at once, and store it when the typing rests. */
    type(name, ev) {
        this.data[name] = ev.target.value;
        this.store.pending[name] = ev.target.value;
        this.typed();
    }

    typeNumber(name, ev) {
        const number = parseInt(ev.target.value.replace(/\D/g, ""), 10) || 0;
        this.data[name] = number;
        this.store.pending[name] = number;
        this.typed();
    }

    setFuel(eighths) {
        return this.change({ fuel_percent: Math.round(eighths * 12.5) || 1 });
    }

    changeKeys(offset) {
        const key_count = Math.max((this.data.key_count || 0) + offset, 0);
        return this.change({ key_count });
    }

    addMark(values) {
        return this.store.addLine("mark_ids", values);
    }

    changeMark(id, values) {
        return this.store.changeLine("mark_ids", id, values);
    }

    removeMark(id) {
        return this.store.removeLine("mark_ids", id);
    }

    /** Tick what is there; what is ticked contradicts that there is nothing. */
    toggleItem(item) {
        const others = {};
        const is_present = !item.is_present;
        if (is_present && item.kind === "belonging" && this.data.belongings_none) {
            others.belongings_none = false;
        }
        if (is_present && item.kind === "document" && !this.data.papers_listed) {
            others.papers_listed = true;
        }
        this.store.changeLine("item_ids", item.id, { is_present }, others);
    }

    setPoint(item, is_present) {
        this.store.changeLine("item_ids", item.id, { is_present });
    }

    setCondition(item, ev) {
        const condition = ev.target.value.trim();
        this.store.changeLine("item_ids", item.id, { condition });
    }

    addItem() {
        const name = this.ui.newItem.trim();
        if (name) {
            const values = { kind: "belonging", name, is_present: true };
            this.store.addLine("item_ids", values, { belongings_none: false });
            this.ui.newItem = "";
        }
    }

    /** The customer declares nothing: untick what was ticked. */
    declareNone() {
        if (this.data.belongings_none) {
            return this.change({ belongings_none: false });
        }
        for (const item of this.items("belonging").filter((item) => item.is_present)) {
            item.is_present = false;
            this.store.queue("item_ids", [1, item.id, { is_present: false }]);
        }
        return this.change({ belongings_none: true });
    }

    removePhoto(photo) {
        return this.store.removeLine("photo_ids", photo.id);
    }

    // --- Signing ---

    get canSign() {
        return (
            !this.ui.isSigning &&
            !this.missingBeforeSigning.length &&
            Boolean((this.signerName || "").trim()) &&
            (this.isSignatureShown || !this.signature.isSignatureEmpty)
        );
    }

    get signerName() {
        return (
            this.signature.name || this.data.intake_signed_by || this.data.sender_name
        );
    }

    signAgain() {
        this.signature.isSignatureEmpty = true;
        this.ui.isSigningAgain = true;
    }

    /** File the signature, close the sheet and show the visit. */
    async finish() {
        this.ui.isSigning = true;
        try {
            await this.store.flush();
            if (!this.isSignatureShown) {
                const image = this.signature.getSignatureImage().split(",")[1];
                const signer = this.signerName.trim();
                await this.orm.call(ORDER, "sign_intake", [
                    [this.orderId],
                    signer,
                    image,
                ]);
            }
            await this.orm.call(ORDER, "action_start_diagnosis", [[this.orderId]]);
            return this.isFromDesk ? this.showVisit() : this.close();
        } catch (error) {
            this.notification.add(error.data?.message || error.message, {
                type: "danger",
            });
            this.ui.isSigningAgain = false;
            await this.store.load();
        } finally {
            this.ui.isSigning = false;
        }
    }

    /** Go back to where the page was opened. */
    async close() {
        await this.store.flush();
        if (this.env.config.breadcrumbs?.length > 1) {
            return this.env.config.historyBack();
        }
        return this.showVisit();
    }

    /** Show the visit in place of its intake. */
    showVisit() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: ORDER,
                res_id: this.orderId,
                views: [[false, "form"]],
            },
            { stackPosition: "replaceCurrentAction" },
        );
    }
}

registry.category("actions").add("dealer_intake", IntakePage);
