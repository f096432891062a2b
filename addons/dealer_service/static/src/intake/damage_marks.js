import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, useState } from "@odoo/owl";
import { CarDrawing } from "./car_drawing";

/** Load the names of the kinds of damage and of the drawings, once per session. */
export function useMarkLabels() {
    const fieldService = useService("field");
    const labels = {};
    onWillStart(async () => {
        const fieldNames = ["kind", "view"];
        const fields = await fieldService.loadFields("dealer.intake.mark", {
            fieldNames,
        });
        for (const name of fieldNames) {
            labels[name] = Object.fromEntries(fields[name].selection);
        }
    });
    return labels;
}

/**
 * Marks the damages of a car: choose a kind, tap the drawing, add a word if needed.
 *
 * The owner of the marks decides how they are stored; each mark has a stable `key`.
 */
export class DamageMarks extends Component {
    static template = "dealer_service.DamageMarks";
    static components = { CarDrawing };
    static props = {
        marks: { type: Array },
        onAdd: Function,
        onChange: Function,
        onRemove: Function,
        readonly: { type: Boolean, optional: true },
    };

    setup() {
        this.labels = useMarkLabels();
        this.state = useState({ kind: "scratch", selectedKey: null });
    }

    get kinds() {
        return Object.entries(this.labels.kind);
    }

    onPlace(place) {
        this.props.onAdd({ ...place, kind: this.state.kind });
    }

    onSelect(key) {
        this.state.selectedKey = this.state.selectedKey === key ? null : key;
    }

    /** Choose the kind of the next mark, or change the one that is selected. */
    onKind(kind) {
        this.state.kind = kind;
        const key = this.state.selectedKey;
        if (key !== null && this.props.marks.some((mark) => mark.key === key)) {
            this.props.onChange(key, { kind });
        }
    }

    onNote(mark, ev) {
        this.props.onChange(mark.key, { note: ev.target.value.trim() });
    }
}
