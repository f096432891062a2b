import { registry } from "@web/core/registry";
import {
    choose,
    field,
    fillTime,
    inDialog,
    openTab,
    press,
    pressInDialog,
    sign,
} from "./tour_steps";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal:not(.o_inactive_modal)";
const JOBS = field("job_ids");

function openWork() {
    return [
        {
            content: "Open what can be added",
            trigger: ".o_form_view .o_notebook button:contains(Add work):enabled",
            run: "click",
        },
        { trigger: inDialog("package_ids") },
    ];
}

tours.add("dealer_estimate_package_to_offer", {
    steps: () => [
        ...openTab("jobs"),
        {
            content: "Offer again what was declined",
            trigger: `${field("open_finding_ids")} .o_data_row:contains(太贵) button[name=action_revive]`,
            run: "click",
        },
        { trigger: `${JOBS} .o_data_row:contains(更换机油)` },
        ...openWork(),
        {
            content: "The packages come with the reason for proposing them",
            trigger: `${inDialog("package_ids")} .o_data_row:contains(前刹车片) td[name=reason]:not(:empty)`,
        },
        {
            content: "Tick a package",
            trigger: `${inDialog("package_ids")} .o_data_row:contains(前刹车片) .o_boolean_toggle input`,
            run: "click",
        },
        {
            content: "The price adds up",
            trigger: `${inDialog("amount_total")}:contains(400)`,
        },
        ...pressInDialog("Add to the visit"),
        { trigger: `${JOBS} .o_data_row:contains(前刹车片)` },
        ...openWork(),
        {
            content: "Add a single item",
            trigger: `${DIALOG} .o_notebook_headers .nav-link[name=lines]`,
            run: "click",
        },
        {
            trigger: `${inDialog("line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose("product_id", "拖车费", DIALOG),
        {
            content: "It is ticked by itself",
            trigger: `${inDialog("line_ids")} .o_data_row .o_boolean_toggle input:checked`,
        },
        ...pressInDialog("Add to the visit"),
        { trigger: `${JOBS} .o_data_row:contains(拖车费)` },
        {
            content: "The estimate adds up by payer",
            trigger: `${field("estimate_summary")} tr:contains(Self-paid):contains(王小明)`,
        },
        ...fillTime("promised_at", "12/31/2030 17:00:00"),
        ...press("Offer to the customer"),
        {
            content: "All of it is on offer",
            trigger: `${JOBS}:has(.o_data_row:contains(拖车费):contains(Offered)):not(:has(.o_data_row:contains(Draft)))`,
        },
    ],
});

tours.add("dealer_estimate_book_rest", {
    steps: () => [
        ...openTab("jobs"),
        {
            content: "Book what is not done today",
            trigger: ".o_form_view .o_notebook button:contains(Book an appointment):enabled",
            run: "click",
        },
        {
            content: "The open jobs come along",
            trigger: `${inDialog("job_ids")} .o_data_row:contains(拖车费)`,
        },
        {
            content: "A bay is proposed",
            trigger: `${inDialog("bay_id")} input:value(B1)`,
        },
        ...sign("signature", DIALOG),
        ...pressInDialog("Book"),
        {
            content: "The estimate is one click away",
            trigger: ".o_form_view button[name=action_open_source]:visible",
        },
    ],
});

tours.add("dealer_estimate_desk_revive", {
    steps: () => [
        {
            content: "Scan the plate",
            trigger: ".o_dealer_desk_search input",
            run: "edit A12345 && press Enter",
        },
        {
            content: "Offer again what was declined",
            trigger: ".o_dealer_desk_findings li:contains(太贵) .o_dealer_desk_revive",
            run: "click",
        },
        { trigger: ".o_dealer_desk_revive[aria-pressed=true]" },
        {
            content: "Receive the car",
            trigger: ".o_dealer_desk_submit:enabled",
            run: "click",
        },
        { trigger: ".o_dealer_intake_page" },
    ],
});
