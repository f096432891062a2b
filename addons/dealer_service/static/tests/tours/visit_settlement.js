import { registry } from "@web/core/registry";
import { choose, fill, inDialog, press, pressInDialog, seeState } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal:not(.o_inactive_modal)";

tours.add("dealer_visit_settle", {
    steps: () => [
        {
            content: "Open the visit",
            trigger: ".o_list_view .o_data_row:contains(A12345) td[name=name]",
            run: "click",
        },
        ...press("Create invoices"),
        ...press("Take payment"),
        ...pressInDialog("Take payment"),
        {
            content: "Settle, all being paid",
            trigger: ".o_form_view .o_statusbar_buttons button[name=action_settle]:enabled",
            run: "click",
        },
        ...seeState("settled"),
    ],
});

tours.add("dealer_till_mixed", {
    steps: () => [
        {
            content: "Open the till from the list",
            trigger:
                ".o_list_view .o_data_row:contains(A12345) button[name=action_open_till]",
            run: "click",
        },
        {
            content: "The bill in cash is proposed",
            trigger: `${inDialog("payment_line_ids")} .o_data_row:contains(Cash)`,
        },
        {
            content: "The customer pays a part by card",
            trigger: `${inDialog("payment_line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        ...choose("journal_id", "Bank", `${DIALOG} .o_selected_row`),
        ...fill("amount", "100", `${DIALOG} .o_selected_row`),
        {
            content: "Leave the line",
            trigger: `${DIALOG} .o_horizontal_separator:contains(Taken now)`,
            run: "click",
        },
        {
            content: "Too much cash is given back",
            trigger: `${inDialog("amount_change")}:contains(100.00)`,
        },
        ...pressInDialog("Pay and settle"),
        {
            content: "The visit is off the list",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(A12345)))",
        },
    ],
});
