import { registry } from "@web/core/registry";
import {
    choose,
    field,
    fill,
    fillTime,
    inDialog,
    openTab,
    press,
    pressInDialog,
    save,
    seeState,
    sign,
    tick,
} from "./tour_steps";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal:not(.o_inactive_modal)";

function toggleItem(list, name) {
    return [
        {
            content: `Tick ${name}`,
            trigger: `${field(list)} .o_data_row:contains(${name}) .o_boolean_toggle input`,
            run: "click",
        },
    ];
}

/** Answer about the only job on offer. */
function answer(label) {
    return [
        {
            trigger: `${inDialog("line_ids")} .o_data_row td[name=job_id]`,
        },
        {
            content: "Nothing is answered in advance",
            trigger: `${DIALOG}:not(:has(td[name=decision] [aria-pressed=true]))`,
        },
        {
            content: `The customer says ${label}`,
            trigger: `${inDialog("line_ids")} td[name=decision] button:contains(${label})`,
            run: "click",
        },
        {
            trigger: `${inDialog("line_ids")} td[name=decision] [aria-pressed=true]`,
        },
    ];
}

tours.add("dealer_visit_intake", {
    steps: () => [
        {
            content: "Receive a car",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        ...choose("vehicle_id", "A12345"),
        {
            content: "The owner is proposed as customer",
            trigger: `${field("partner_id")} input:value(王小明)`,
        },
        ...fill("concern", "Brakes squeal; oil change is due"),
        ...fill("mileage", "30000"),
        ...fill("fuel_percent", "50"),
        ...tick("walkround_done"),
        ...tick("papers_listed"),
        ...toggleItem("belonging_item_ids", "Dash camera"),
        ...toggleItem("document_item_ids", "Vehicle licence"),
        ...fill("walkround_note", "Scratch on the left door"),
        ...fill("intake_signed_by", "王小明"),
        ...sign("intake_signature"),
        ...save(),
        ...press("Finish intake"),
        ...seeState("diagnosis"),
    ],
});

tours.add("dealer_visit_offer", {
    steps: () => [
        ...fillTime("promised_at", "12/31/2030 17:00:00"),
        ...openTab("jobs"),
        {
            content: "Add a job",
            trigger: `${field("job_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...fill("name", "Oil change", DIALOG),
        ...choose("category_id", "Minor", DIALOG),
        {
            content: "Add labour",
            trigger: `${inDialog("line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose("product_id", "更换机油机滤", DIALOG),
        {
            content: "The standard time is proposed",
            trigger: `${inDialog("quantity")} input:value(0.50)`,
        },
        {
            content: "Add a part",
            trigger: `${inDialog("line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose("product_id", "机油4L全合成", DIALOG),
        {
            content: "One piece is proposed",
            trigger: `${inDialog("quantity")} input:value(1.00)`,
        },
        ...pressInDialog("Save & Close"),
        ...press("Offer to the customer"),
        ...seeState("offered"),
        ...press("Customer's answer"),
        ...answer("Yes"),
        ...sign("signature", DIALOG),
        ...pressInDialog("File the decision"),
        {
            content: "The customer accepted",
            trigger: ".o_form_view .o_statusbar_buttons:not(:contains(answer))",
        },
    ],
});

tours.add("dealer_visit_addon_refused", {
    steps: () => [
        ...openTab("jobs"),
        {
            content: "Offer the add-on",
            trigger: `${field("job_ids")} .o_data_row:contains(Front brake pads) button[name=action_offer]`,
            run: "click",
        },
        ...press("Customer's answer"),
        ...answer("No"),
        ...fill("reason", "Wants to compare prices", DIALOG),
        ...sign("signature", DIALOG),
        ...pressInDialog("File the decision"),
        {
            content: "The job is declined",
            trigger: `${field("job_ids")} .o_data_row:contains(Front brake pads):contains(Declined)`,
        },
    ],
});

tours.add("dealer_visit_ready", {
    steps: () => [
        ...openTab("delivery"),
        ...tick("prep_washed"),
        ...tick("prep_cleaned"),
        ...tick("prep_settings"),
        ...tick("prep_old_parts"),
        ...press("Car is ready"),
        ...seeState("ready"),
    ],
});

tours.add("dealer_visit_deliver", {
    steps: () => [
        ...openTab("delivery"),
        ...tick("joint_inspection"),
        ...tick("belongings_returned"),
        {
            content: "The old parts go back",
            trigger: `${field("old_parts_result")} label:contains(Handed back)`,
            run: "click",
        },
        {
            trigger: `${field("old_parts_result")} input[data-value=returned]:checked`,
        },
        ...fill("delivery_signed_by", "王小明"),
        ...sign("delivery_signature"),
        ...press("Hand over the car"),
        ...seeState("delivered"),
    ],
});
