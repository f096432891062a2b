import { registry } from "@web/core/registry";
import {
    choose,
    field,
    fill,
    fillCheck,
    inDialog,
    press,
    pressInDialog,
    save,
    seeState,
    tick,
} from "./tour_steps";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal:not(.o_inactive_modal)";
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

/** Put a picture into the file input, as the camera of a phone does. */
async function takePhoto() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const files = new DataTransfer();
    files.items.add(new File([blob], "pads.png", { type: "image/png" }));
    const input = document.querySelector(
        `${inDialog("photo_ids")} input[type=file][capture]`,
    );
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

tours.add("dealer_visit_diagnosis", {
    steps: () => [
        {
            content: "Open the sheet of the car",
            trigger: ".o_list_view .o_data_row:contains(A12345) td[name=concern]",
            run: "click",
        },
        ...fill("symptom", "Squeals when braking softly"),
        ...fill("findings", "Oil black, front pads at 2 mm"),
        ...fill("cause", "Worn out"),
        ...save(),
    ],
});

tours.add("dealer_visit_take_over", {
    steps: () => [
        ...press("Take into the workshop"),
        ...pressInDialog("Take over"),
        ...seeState("in_progress"),
    ],
});

tours.add("dealer_visit_issue_parts", {
    steps: () => [
        {
            content: "Open the job",
            trigger: ".o_list_view .o_data_row:contains(A12345) td[name=name]",
            run: "click",
        },
        ...press("Issue parts"),
        {
            content: "The parts are on their way",
            trigger: ".o_notification:has(.bg-success)",
        },
        {
            content: "The visit is open to the parts keeper",
            trigger: `${field("order_id")} a`,
            run: "click",
        },
        ...seeState("in_progress"),
    ],
});

tours.add("dealer_visit_start", {
    steps: () => [
        ...pressOnCard("Start"),
        { trigger: `${CARD} span[role=timer]` },
        {
            content: "Open the card",
            trigger: `${CARD}`,
            run: "click",
        },
        ...press("Raise an add-on"),
        ...fill("name", "Front brake pads", DIALOG),
        ...fill("addon_reason", "2 mm left, 3 mm is the limit", DIALOG),
        ...tick("is_safety", DIALOG),
        {
            trigger: `${inDialog("line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose("product_id", "前刹车片(套)", DIALOG),
        ...pressInDialog("Send to reception"),
        {
            content: "The advisor is asked",
            trigger: ".o_notification:has(.bg-success)",
        },
    ],
});

tours.add("dealer_visit_finish", {
    steps: () => [...pressOnCard("Finish"), ...fillCheck("Oil changed, no leaks")],
});

tours.add("dealer_visit_peer_check", {
    steps: () => [
        ...pressOnCard("Peer check"),
        ...fillCheck("Done as approved"),
        {
            content: "Go to the visit",
            trigger: `${field("order_id")} a`,
            run: "click",
        },
        ...press("Hand to the inspector"),
        ...seeState("inspection"),
    ],
});

tours.add("dealer_visit_inspection", {
    steps: () => [
        ...pressOnCard("Start"),
        ...fillCheck("Repaired as ordered, nothing to object"),
    ],
});

tours.add("dealer_phone_clock", {
    steps: () => [
        ...pressOnCard("Start"),
        { trigger: `${CARD} span[role=timer]` },
        ...pressOnCard("Pause"),
        {
            content: "Say why, with one tap",
            trigger: `${DIALOG} .o_dealer_reasons button:contains(parts)`,
            run: "click",
        },
        {
            content: "The card says what it waits for",
            trigger: `${CARD}:contains(Waiting for parts)`,
        },
        ...pressOnCard("Resume"),
        { trigger: `${CARD} span[role=timer]` },
        {
            content: "Clocked against planned",
            trigger: `${CARD} .o_dealer_progress .progress-bar`,
        },
        ...pressOnCard("Add-on"),
        ...fill("name", "Front brake pads", DIALOG),
        ...fill("addon_reason", "2 mm left, 3 mm is the limit", DIALOG),
        ...tick("is_safety", DIALOG),
        {
            content: "Take a photo",
            trigger: `${inDialog("photo_ids")} .o_file_input`,
            run: takePhoto,
        },
        {
            content: "The photo is shown",
            trigger: `${inDialog("photo_ids")} img.o_dealer_photo`,
        },
        {
            trigger: `${inDialog("line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "Look for the part",
            trigger: `${field("product_id", DIALOG)} input`,
            run: "click",
        },
        {
            content: "A phone shows the parts as cards",
            trigger: `${DIALOG} .o_kanban_record:contains(套)`,
            run: "click",
        },
        ...pressInDialog("Send to reception"),
        {
            content: "The advisor is asked",
            trigger: ".o_notification:has(.bg-success)",
        },
        ...pressOnCard("Finish"),
        {
            content: "The self-check opens, as cards on a phone",
            trigger: ".o_form_view .o_field_one2many[name=line_ids] .o_kanban_record",
        },
    ],
});
