import { registry } from "@web/core/registry";
import { choose, field, fill, inDialog, press, pressInDialog, save } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const CARD = ".o_kanban_record:contains(A12345)";
const DIALOG = ".modal:not(.o_inactive_modal)";
const LIST = ".o_list_view";

/** A store manager changes the labour rate of the own store. */
tours.add("dealer_office_settings", {
    steps: () => [
        {
            content: "The store is named",
            trigger: `${field("company_id")}`,
        },
        ...fill("dealer_labour_rate", "288"),
        ...fill("dealer_offer_validity_days", "5"),
        ...save(),
    ],
});

/** A technician compares the car with the order: it is another one. */
tours.add("dealer_office_report", {
    steps: () => [
        {
            content: "Report from the card",
            trigger: `${CARD} footer button[name=action_report]`,
            run: "click",
        },
        {
            content: "The plate of the order is shown",
            trigger: `${inDialog("license_plate")}:contains(A12345)`,
        },
        ...fill("text", "The plate is another one", DIALOG),
        ...pressInDialog("Confirm"),
        {
            content: "The card says that nobody has answered yet",
            trigger: `${CARD}:contains(not answered yet)`,
        },
    ],
});

/** The advisor answers it. */
tours.add("dealer_office_answer", {
    steps: () => [
        {
            content: "Answer the report",
            trigger: `${LIST} .o_data_row:contains(another one) button[name=action_answer]`,
            run: "click",
        },
        {
            content: "What was said is shown",
            trigger: `${inDialog("said")}:contains(another one)`,
        },
        ...fill("text", "Plate corrected", DIALOG),
        ...pressInDialog("Confirm"),
        {
            content: "Nothing is left to answer",
            trigger: `${LIST}:not(:has(.o_data_row))`,
        },
    ],
});

/** The supervisor lets a balance stay open. */
tours.add("dealer_office_credit", {
    steps: () => [
        ...press("Approve credit"),
        {
            content: "Due at the end of the year",
            trigger: `${inDialog("due_date")} input`,
            run: "edit 12/31/2030 && press Enter",
        },
        ...fill("reason", "Monthly customer", DIALOG),
        ...pressInDialog("Approve credit"),
    ],
});

/** The archivist notes who takes a file bag, and that it is back. */
tours.add("dealer_office_loan", {
    steps: () => [
        {
            content: "Somebody takes a bag",
            trigger: ".o_list_button_add:enabled",
            run: "click",
        },
        ...choose("vehicle_id", "A12345", LIST),
        ...fill("purpose", "Insurance", LIST),
        {
            content: "Save the row",
            trigger: ".o_list_button_save:enabled",
            run: "click",
        },
        {
            content: "It is back",
            trigger: `${LIST} .o_data_row:contains(Insurance) button[name=action_return]`,
            run: "click",
        },
        {
            content: "No bag is out",
            trigger: `${LIST}:not(:has(.o_data_row:contains(Insurance)))`,
        },
    ],
});

/** The manager looks at the figures and at what is behind one of them. */
tours.add("dealer_office_figures", {
    steps: () => [
        {
            content: "Open what a figure is made of",
            trigger: ".o_pivot table td.o_pivot_cell_value.cursor-pointer",
            run: "click",
        },
        {
            content: "The jobs are listed",
            trigger: `${LIST} .o_data_row`,
        },
    ],
});
