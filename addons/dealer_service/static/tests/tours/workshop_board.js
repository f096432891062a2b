import { registry } from "@web/core/registry";
import { pressInDialog } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const BOARD = ".o_workshop_board";
const card = (plate) => `${BOARD} .o_wb_card:contains(${plate})`;
const bar = (plate) => `${BOARD} .o_wb_bar:contains(${plate})`;
const row = (name) => `${BOARD} .o_wb_row:contains(${name})`;

/** Drag with the pointer, as a hand does: down, some moves, up. */
async function dragTo(anchor, target, share) {
    const from = anchor.getBoundingClientRect();
    const to = target.getBoundingClientRect();
    const start = [
        from.left + Math.min(12, from.width / 2),
        from.top + from.height / 2,
    ];
    const end = [to.left + to.width * share, to.top + to.height / 2];
    const fire = (type, el, [clientX, clientY]) =>
        el.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                button: type === "pointermove" ? -1 : 0,
                buttons: type === "pointerup" ? 0 : 1,
                clientX,
                clientY,
                isPrimary: true,
                pointerId: 7,
                pointerType: "mouse",
            }),
        );
    fire("pointerdown", anchor, start);
    for (const part of [0.2, 0.6, 1]) {
        fire("pointermove", window, [
            start[0] + (end[0] - start[0]) * part,
            start[1] + (end[1] - start[1]) * part,
        ]);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    fire("pointerup", window, end);
}

function drag(content, trigger, target, share) {
    return {
        content,
        trigger,
        async run() {
            await dragTo(this.anchor, document.querySelector(target), share);
        },
    };
}

const track = (index) => `${BOARD} .o_wb_row:nth-child(${index + 1}) .o_wb_track`;

tours.add("dealer_board_dispatcher", {
    steps: () => [
        {
            content: "Two cars wait",
            trigger: `${BOARD}:has(.o_wb_card:contains(A12345)):has(.o_wb_card:contains(B67890))`,
        },
        drag("Drag the first onto the first bay", card("A12345"), track(1), 0.5),
        {
            content: "It stands there and waits no longer",
            trigger: `${row("B1")} .o_wb_bar:not(.o_wb_pending):contains(A12345)`,
        },
        { trigger: `${BOARD}:not(:has(.o_wb_card:contains(A12345)))` },
        drag("Drag the second onto the same time", card("B67890"), track(1), 0.5),
        {
            content: "The bay is taken, and says by whom",
            trigger: ".o_notification:has(.bg-danger):contains(A12345)",
        },
        {
            content: "The car waits as before",
            trigger: `${BOARD}:not(:has(.o_wb_bar:contains(B67890))) .o_wb_card:contains(B67890)`,
        },
        drag("Move the first to the second bay, later", bar("A12345"), track(2), 0.6),
        {
            trigger: `${row("B2")} .o_wb_bar:not(.o_wb_pending):contains(A12345)`,
        },
        drag(
            "Give it more time by its edge",
            `${bar("A12345")} .o_wb_resize`,
            track(2),
            0.9,
        ),
        {
            content: "The board has asked the server",
            trigger: `${row("B2")} .o_wb_bar:not(.o_wb_pending):contains(A12345)`,
        },
        {
            content: "Without dragging: open the waiting job",
            trigger: card("B67890"),
            run: "click",
        },
        {
            trigger: ".o_wb_details button[name=plan]",
            run: "click",
        },
        {
            content: "The dialog knows the car",
            trigger: ".modal .o_form_view:contains(B67890)",
        },
        {
            trigger: ".modal .o_field_widget[name=bay_id] input",
            run: "edit B1",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-item:not(:has(.fa-spin)) a:contains(B1)",
            run: "click",
        },
        ...pressInDialog("Plan"),
        {
            content: "Now it has its place too",
            trigger: `${row("B1")} .o_wb_bar:contains(B67890)`,
        },
        {
            content: "See who does it",
            trigger: `${BOARD} .o_wb_by_technician`,
            run: "click",
        },
        { trigger: `${BOARD} .o_wb_by_technician.active` },
    ],
});

tours.add("dealer_board_pull", {
    steps: () => [
        {
            content: "The car could start now",
            trigger: `${BOARD} .o_wb_earlier_card:contains(A12345) .o_wb_pull`,
            run: "click",
        },
        {
            content: "It has its place, and is not suggested any more",
            trigger: `${row("B1")} .o_wb_bar:not(.o_wb_pending):contains(A12345)`,
        },
        { trigger: `${BOARD}:not(:has(.o_wb_earlier_card:contains(A12345)))` },
    ],
});

tours.add("dealer_board_looker", {
    steps: () => [
        {
            content: "An advisor sees the car and cannot move it",
            trigger: `${bar("A12345")}:not(.o_wb_movable)`,
            run: "click",
        },
        {
            trigger: ".o_wb_details:contains(A12345):not(:has(button[name=plan]))",
        },
    ],
});
