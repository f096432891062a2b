import { ConnectionLostError } from "@web/core/network/rpc";
import { Mutex } from "@web/core/utils/concurrency";

const ORDER = "dealer.repair.order";
const RETRY_MS = 3000;
const LINES = {
    item_ids: ["kind", "block", "name", "is_present", "condition"],
    mark_ids: ["number", "view", "x", "y", "kind", "note"],
    photo_ids: ["name", "mimetype"],
};
const FIELDS = [
    "display_name",
    "state",
    "can_start_diagnosis",
    "license_plate",
    "partner_id",
    "sender_name",
    "concern",
    "known_odometer",
    "is_electric",
    "mileage",
    "mileage_reason",
    "fuel_percent",
    "key_count",
    "key_box",
    "three_covers",
    "belongings_none",
    "valuables",
    "papers_listed",
    "old_part_wish",
    "is_waiting",
    "walkround_done",
    "walkround_note",
    "intake_signature",
    "intake_signed_by",
    "intake_signed_on",
    "intake_progress",
];

/** Return what is read of a visit, in the shape of `web_read`. */
function prepareSpecification() {
    const specification = Object.fromEntries(FIELDS.map((name) => [name, {}]));
    specification.partner_id = { fields: { display_name: {} } };
    for (const [name, names] of Object.entries(LINES)) {
        specification[name] = {
            fields: Object.fromEntries(names.map((lineName) => [lineName, {}])),
        };
    }
    return specification;
}

/**
 * Keeps one intake sheet and saves each change at once.
 *
 * Changes are shown before they are stored. Where the network is lost beside the car
 * they wait and are sent again; what the server refuses is taken back and told.
 */
export class IntakeStore {
    /**
     * @param {Object} state reactive object that the page shows: `data`, `status`
     * @param {Object} services `orm` and `notification`
     * @param {Number} orderId
     */
    constructor(state, { orm, notification }, orderId) {
        this.state = Object.assign(state, { data: null, status: "saved" });
        this.orm = orm;
        this.notification = notification;
        this.orderId = orderId;
        this.specification = prepareSpecification();
        this.pending = {};
        this.mutex = new Mutex();
    }

    get context() {
        return { bin_size: true };
    }

    async load() {
        const [data] = await this.orm.webRead(ORDER, [this.orderId], {
            specification: this.specification,
            context: this.context,
        });
        this.state.data = data;
    }

    /** Change plain fields of the sheet. */
    change(values) {
        Object.assign(this.state.data, values);
        Object.assign(this.pending, values);
        return this.flush();
    }

    /** Change one line of the sheet, together with plain fields if need be. */
    changeLine(name, id, values, others = {}) {
        const line = this.state.data[name].find((line) => line.id === id);
        Object.assign(line, values);
        this.queue(name, [1, id, values]);
        return this.change(others);
    }

    addLine(name, values, others = {}) {
        this.state.data[name].push({ ...values, id: `new_${Date.now()}` });
        this.queue(name, [0, 0, values]);
        return this.change(others);
    }

    removeLine(name, id) {
        this.state.data[name] = this.state.data[name].filter((line) => line.id !== id);
        this.queue(name, [name === "photo_ids" ? 3 : 2, id]);
        return this.flush();
    }

    linkLines(name, ids) {
        this.pending[name] = [
            ...(this.pending[name] || []),
            ...ids.map((id) => [4, id]),
        ];
        return this.flush();
    }

    queue(name, command) {
        this.pending[name] = [...(this.pending[name] || []), command];
    }

    get isClean() {
        return !Object.keys(this.pending).length;
    }

    /** Store what is not stored yet, one call after the other. */
    flush() {
        clearTimeout(this.retry);
        return this.mutex.exec(() => this.send());
    }

    async send() {
        if (this.isClean) {
            return;
        }
        const values = this.pending;
        this.pending = {};
        this.state.status = "saving";
        try {
            const [data] = await this.orm.webSave(ORDER, [this.orderId], values, {
                specification: this.specification,
                context: this.context,
            });
            this.accept(data);
        } catch (error) {
            await this.recover(error, values);
        }
    }

    /** Show what is stored, unless something newer was entered meanwhile. */
    accept(data) {
        if (this.isClean) {
            this.state.data = data;
            this.state.status = "saved";
        } else {
            this.state.data.intake_progress = data.intake_progress;
        }
    }

    async recover(error, values) {
        if (error instanceof ConnectionLostError) {
            this.pending = { ...values, ...this.pending };
            for (const name of Object.keys(LINES)) {
                const commands = [
                    ...(values[name] || []),
                    ...(this.pending[name] || []),
                ];
                if (commands.length) {
                    this.pending[name] = [...new Set(commands)];
                }
            }
            this.state.status = "waiting";
            this.retry = setTimeout(() => this.flush(), RETRY_MS);
            return;
        }
        this.pending = {};
        this.notification.add(error.data?.message || error.message, { type: "danger" });
        await this.load();
        this.state.status = "saved";
    }

    dispose() {
        clearTimeout(this.retry);
    }
}
