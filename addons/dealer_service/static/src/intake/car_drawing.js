import { Component } from "@odoo/owl";

/** The drawings of a car, as they are laid out around its top view. */
export const CAR_VIEWS = ["left", "front", "top", "rear", "right"];

/**
 * Draws the car from all sides, with the marks of its damages on it.
 *
 * The drawings are files of our own; a mark lies at a fraction of the width and the
 * height of its drawing, so that it stays in place on every screen and on paper.
 */
export class CarDrawing extends Component {
    static template = "dealer_service.CarDrawing";
    static props = {
        labels: Object,
        marks: { type: Array },
        onPlace: { type: Function, optional: true },
        onSelect: { type: Function, optional: true },
        readonly: { type: Boolean, optional: true },
        selectedKey: { optional: true },
    };

    setup() {
        this.views = CAR_VIEWS;
    }

    marksOf(view) {
        return this.props.marks.filter((mark) => mark.view === view);
    }

    titleOf(mark) {
        const kind = this.props.labels.kind[mark.kind];
        return mark.note ? `${kind}: ${mark.note}` : kind;
    }

    /** Place a mark where the drawing was tapped. */
    onTap(view, ev) {
        if (this.props.readonly || !this.props.onPlace) {
            return;
        }
        const { left, top, width, height } = ev.currentTarget.getBoundingClientRect();
        const share = (value, whole) => Math.min(Math.max(value / whole, 0), 1);
        this.props.onPlace({
            view,
            x: Number(share(ev.clientX - left, width).toFixed(4)),
            y: Number(share(ev.clientY - top, height).toFixed(4)),
        });
    }

    onTapMark(mark) {
        this.props.onSelect?.(mark.key);
    }
}
