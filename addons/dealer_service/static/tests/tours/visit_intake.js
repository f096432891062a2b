import { registry } from "@web/core/registry";
import { drawOn } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const PAGE = ".o_dealer_intake_page";
const SAVED = ".o_dealer_saved[data-status=saved]";

function goTo(step) {
    return [
        { trigger: `${PAGE} .o_dealer_step[data-step=${step}]`, run: "click" },
        { trigger: `${PAGE} .o_dealer_step.active[data-step=${step}]` },
    ];
}

function tap(content, trigger) {
    return [{ content, trigger: `${PAGE} ${trigger}`, run: "click" }, { trigger: SAVED }];
}

/** Tap a place of the drawing, given as fractions of its width and height. */
function placeMark(view, x, y, number) {
    return [
        {
            content: `Tap the drawing: ${view}`,
            trigger: `${PAGE} .o_dealer_car_sheet[data-view=${view}]:has(img)`,
            run() {
                const anchor = this.anchor;
                const box = anchor.getBoundingClientRect();
                anchor.dispatchEvent(
                    new MouseEvent("click", {
                        bubbles: true,
                        clientX: box.left + box.width * x,
                        clientY: box.top + box.height * y,
                    }),
                );
            },
        },
        {
            trigger: `${PAGE} .o_dealer_car_sheet[data-view=${view}] .o_dealer_car_mark:contains(${number})`,
        },
        { trigger: SAVED },
    ];
}

tours.add("dealer_intake_walk", {
    steps: () => [
        {
            content: "What is missing stands beside the steps",
            trigger: `${PAGE} .o_dealer_missing[data-step=gate]:contains(Mileage)`,
        },
        {
            content: "A mileage below the known one asks for the reason",
            trigger: `${PAGE} #o_dealer_mileage`,
            run: "edit 100",
        },
        {
            trigger: `${PAGE} .o_dealer_missing[data-step=gate]:contains(below the last known)`,
        },
        { trigger: `${PAGE} #o_dealer_mileage`, run: "edit 30000" },
        {
            trigger: `${PAGE}:not(:has(.o_dealer_missing[data-step=gate]:contains(Mileage)))`,
        },
        ...tap("Half a tank", ".o_dealer_fuel button[data-eighths='4']"),
        ...goTo("damage"),
        ...tap("A dent", ".o_dealer_choice[data-kind=dent]"),
        ...placeMark("left", 0.5, 0.5, 1),
        {
            content: "Say where",
            trigger: `${PAGE} .o_dealer_mark_row input`,
            run: "edit Rear door, 3 cm && press Tab",
        },
        ...goTo("lamps"),
        ...tap("The ABS lamp is lit", ".o_dealer_tile:contains(ABS)"),
        ...goTo("belongings"),
        ...tap("A dash camera", ".o_dealer_tile:contains(Dash camera)"),
        ...tap("The licence", ".o_dealer_tile:contains(Vehicle licence)"),
        ...goTo("points"),
        ...tap(
            "The tyres are worn",
            ".o_dealer_point:contains(Tread depth) .o_dealer_not_ok",
        ),
        {
            content: "A point that is not in order needs a word",
            trigger: `${PAGE} .o_dealer_missing:contains(Tread depth)`,
        },
        {
            trigger: `${PAGE} .o_dealer_point:contains(Tread depth) input`,
            run: "edit Front left 1.5 mm && press Tab",
        },
        { trigger: `${PAGE}:not(:has(.o_dealer_missing:contains(Tread depth)))` },
        ...goTo("sign"),
        {
            content: "The car was not walked around yet",
            trigger: `${PAGE} .o_dealer_intake_finish:disabled`,
        },
        {
            content: "Go to what is missing",
            trigger: `${PAGE} .o_dealer_missing[data-step=points]`,
            run: "click",
        },
        ...tap("Walked around together", ".o_dealer_switch[name=walkround_done]"),
        ...goTo("sign"),
        {
            content: "The customer signs",
            trigger: `${PAGE} canvas.o_web_sign_signature`,
            async run() {
                await drawOn(this.anchor);
            },
        },
        {
            trigger: `${PAGE} .o_dealer_intake_finish:enabled`,
            run: "click",
        },
        {
            content: "The visit is in diagnosis",
            trigger: ".o_form_view .o_field_widget[name=state]:contains(Diagnosis)",
        },
    ],
});
