import { registry } from "@web/core/registry";
import { press, pressInDialog, seeState } from "./tour_steps";

registry.category("web_tour.tours").add("dealer_visit_settle", {
    steps: () => [
        {
            content: "Open the visit",
            trigger: ".o_list_view .o_data_row:contains(A12345) td[name=name]",
            run: "click",
        },
        ...press("Create invoices"),
        ...press("Take payment"),
        ...pressInDialog("Take payment"),
        ...press("Settle"),
        ...seeState("settled"),
    ],
});
