import { registry } from "@web/core/registry";
import { fill, inDialog, pressInDialog } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const CARD = ".o_kanban_record:contains(A12345)";

function pressOnCard(label) {
    return [
        {
            content: `Press ${label} on the card`,
            trigger: `${CARD} footer button:contains(${label}):enabled`,
            run: "click",
        },
    ];
}

tours.add("dealer_phone_parts_ask", {
    steps: () => [
        ...pressOnCard("Start"),
        { trigger: `${CARD} span[role=timer]` },
        ...pressOnCard("Parts"),
        {
            content: "The dialog says what is missing",
            trigger: `${inDialog("missing_text")}:contains(大灯总成)`,
        },
        ...fill("note", "Bring it to bay B1", ".modal:not(.o_inactive_modal)"),
        {
            content: "Without it the work stops",
            trigger: `${inDialog("is_blocked")} input:checked`,
        },
        ...pressInDialog("Ask for these parts"),
        {
            content: "The card waits",
            trigger: `${CARD}:contains(Waiting for parts)`,
        },
    ],
});

tours.add("dealer_phone_parts_resume", {
    steps: () => [
        {
            content: "The card says that the parts are here",
            trigger: `${CARD}:contains(Parts have arrived)`,
        },
        ...pressOnCard("Resume"),
        { trigger: `${CARD} span[role=timer]` },
    ],
});

tours.add("dealer_parts_issue", {
    steps: () => [
        {
            content: "The technician's wish is on the card",
            trigger: `${CARD}:contains(Bring it to bay B1)`,
        },
        ...pressOnCard("Issue"),
        {
            content: "The parts are handed out",
            trigger: ".o_notification:has(.bg-success)",
        },
        {
            content: "The card is gone",
            trigger: `.o_kanban_view:not(:has(${CARD}))`,
        },
    ],
});

tours.add("dealer_phone_parts_return", {
    steps: () => [
        {
            content: "Open the card",
            trigger: CARD,
            run: "click",
        },
        {
            content: "Open what hides behind the buttons",
            trigger: ".o_form_view .o_statusbar_buttons .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu button:contains(Return a part)",
            run: "click",
        },
        {
            content: "Return the part",
            trigger: ".o_field_one2many[name=line_ids] button:contains(Return)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: `${inDialog("reason")} .o_radio_item:contains(Not needed) input`,
            run: "click",
        },
        ...pressInDialog("Bring back"),
        {
            content: "The return is on the paper",
            trigger: ".o_field_one2many[name=return_ids]:contains(To check)",
        },
    ],
});

tours.add("dealer_parts_check", {
    steps: () => [
        ...pressOnCard("Unused and whole"),
        { trigger: `${CARD}:contains(To take back)` },
    ],
});

tours.add("dealer_parts_take_back", {
    steps: () => [
        ...pressOnCard("Take back"),
        { trigger: `.o_kanban_view:not(:has(${CARD}))` },
    ],
});
