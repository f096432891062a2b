import { registry } from "@web/core/registry";
import { drawOn, seeState } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const INTAKE = ".o_dealer_intake_page";
const SEARCH = ".o_dealer_desk_search input";
// What a new repair order may take: clicks of a person, and seconds.
const MAX_CLICKS = 5;
const MAX_SECONDS = 30;

const effort = { clicks: 0, start: 0 };

function countClick() {
    effort.clicks++;
}

function startCounting() {
    Object.assign(effort, { clicks: 0, start: performance.now() });
    document.addEventListener("click", countClick, { capture: true });
}

function stopCounting() {
    document.removeEventListener("click", countClick, { capture: true });
    const seconds = (performance.now() - effort.start) / 1000;
    console.info(`New repair order: ${effort.clicks} clicks, ${seconds.toFixed(1)} s`);
    if (effort.clicks > MAX_CLICKS || seconds > MAX_SECONDS) {
        throw new Error(`${effort.clicks} clicks and ${seconds} seconds are too many`);
    }
}

/** Type as a scanner does: the characters, then Enter. */
function scan(text) {
    return {
        content: `Scan ${text}`,
        trigger: SEARCH,
        run: `edit ${text} && press Enter`,
    };
}

function type(selector, text) {
    return { content: `Type ${text}`, trigger: selector, run: `edit ${text}` };
}

tours.add("dealer_desk_receive", {
    steps: () => [
        {
            content: "The desk waits for a plate",
            trigger: `${SEARCH}:focus`,
            run: startCounting,
        },
        scan("A12345"),
        {
            content: "The car of this plate is on the screen, with its owner",
            trigger: ".o_dealer_desk_head:contains(京A12345):contains(王小明)",
        },
        {
            content: "The customer says what he wishes",
            trigger: "#o_dealer_concern",
            run: "edit Oil change is due",
        },
        {
            content: "Take the suggested package",
            trigger: ".o_dealer_desk_package:contains(机油保养)",
            run: "click",
        },
        { trigger: ".o_dealer_desk_package[aria-pressed=true]" },
        {
            content: "Receive the car",
            trigger: ".o_dealer_desk_submit:enabled",
            run: "click",
        },
        {
            content: "The walk around the car begins at once",
            trigger: `${INTAKE} .o_dealer_step.active[data-step=gate]`,
            run: stopCounting,
        },
        { trigger: `${INTAKE} .o_dealer_missing[data-step=gate]:contains(Mileage)` },
    ],
});

tours.add("dealer_desk_comeback", {
    steps: () => [
        scan("A12345"),
        { trigger: ".o_dealer_desk_guarantees" },
        {
            content: "The customer complains again",
            trigger: "#o_dealer_concern",
            run: "edit 机油漏了",
        },
        {
            content: "The desk knows the earlier job and what is left of its guarantee",
            trigger: ".o_dealer_desk_comeback:contains(days left):contains(km left)",
            run: "click",
        },
        { trigger: ".o_dealer_desk_comeback[aria-pressed=true]" },
        {
            content: "Receive the car",
            trigger: ".o_dealer_desk_submit:enabled",
            run: "click",
        },
        {
            content: "Somebody else needs the desk first",
            trigger: `${INTAKE} .o_dealer_intake_close`,
            run: "click",
        },
        {
            content: "The car is in the workshop now; the intake goes on later",
            trigger: ".o_dealer_desk_open .o_dealer_desk_go_on",
            run: "click",
        },
        { trigger: `${INTAKE} .o_dealer_step.active[data-step=gate]` },
    ],
});

tours.add("dealer_desk_finish_intake", {
    steps: () => [
        scan("A12345"),
        {
            content: "Go on where the walk was left",
            trigger: ".o_dealer_desk_open .o_dealer_desk_go_on",
            run: "click",
        },
        { trigger: `${INTAKE} .o_dealer_step[data-step=sign]`, run: "click" },
        {
            content: "The customer signs",
            trigger: `${INTAKE} canvas.o_web_sign_signature`,
            async run() {
                await drawOn(this.anchor);
            },
        },
        { trigger: `${INTAKE} .o_dealer_intake_finish:enabled`, run: "click" },
        ...seeState("diagnosis"),
        {
            content: "The desk is one step back",
            trigger: ".o_breadcrumb .breadcrumb-item:contains(Reception desk) a",
            run: "click",
        },
        { trigger: ".o_dealer_desk_head:contains(京A12345)" },
    ],
});

tours.add("dealer_desk_register", {
    steps: () => [
        scan("沪B6K888"),
        {
            content: "Nobody knows this car",
            trigger: ".o_dealer_desk_nothing button",
            run: "click",
        },
        {
            content: "The plate is taken over from the search",
            trigger: "#o_dealer_plate:value(沪B6K888)",
        },
        type("#o_dealer_owner_phone", "138 0000 0001"),
        {
            content: "The number is known, so its owner is offered",
            trigger: ".o_dealer_desk_duplicate:contains(王小明) .btn-primary",
            run: "click",
        },
        { trigger: ".o_dealer_desk_owner:contains(王小明)" },
        {
            content: "Open the file",
            trigger: ".o_dealer_desk_save:enabled",
            run: "click",
        },
        {
            content: "The new file is on the screen",
            trigger: ".o_dealer_desk_head:contains(沪B6K888):contains(王小明)",
        },
        {
            content: "No repair this time",
            trigger: ".o_dealer_desk_log_car",
            run: "click",
        },
        {
            content: "The customer is proposed as visitor",
            trigger: ".modal .o_field_widget[name=person] input:value(王小明)",
        },
        {
            content: "A price was all he wanted",
            trigger: ".modal .o_field_widget[name=purpose] input[data-value=quote]",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=purpose] input[data-value=quote]:checked",
        },
        {
            content: "Note the visit",
            trigger: ".modal footer .o_form_button_save, .modal footer .btn-primary",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});
