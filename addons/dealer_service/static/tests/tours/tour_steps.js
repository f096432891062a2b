/**
 * Steps that the tours of a visit share: what a person does on a form.
 */

const FORM = ".o_form_view";
const DIALOG = ".modal:not(.o_inactive_modal)";

/** Selector of a field, on the page or in the open dialog. */
export function field(name, scope = FORM) {
    return `${scope} .o_field_widget[name=${name}]`;
}

export function inDialog(name) {
    return field(name, DIALOG);
}

export function fill(name, text, scope = FORM) {
    return [
        {
            content: `Fill in ${name}`,
            trigger: `${field(name, scope)} :is(input, textarea):not([type=file])`,
            run: `edit ${text}`,
        },
    ];
}

/** Type a date and time into an empty field. */
export function fillTime(name, text) {
    return [
        {
            content: `Fill in ${name}`,
            trigger: `${field(name)} input`,
            run: `edit ${text} && press Enter`,
        },
        { trigger: `${field(name)}`, run: "press Escape" },
    ];
}

/** Choose a record by typing a part of its name. */
export function choose(name, text, scope = FORM) {
    return [
        {
            content: `Search ${text} in ${name}`,
            trigger: `${field(name, scope)} input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:not(:has(.fa-spin)) a:contains(${text})`,
            run: "click",
        },
    ];
}

export function tick(name, scope = FORM) {
    return [
        {
            content: `Tick ${name}`,
            trigger: `${field(name, scope)} input[type=checkbox]:not(:checked)`,
            run: "click",
        },
    ];
}

export function openTab(name) {
    return [
        {
            content: `Open the page ${name}`,
            trigger: `${FORM} .o_notebook_headers .nav-link[name=${name}]`,
            run: "click",
        },
        { trigger: `${FORM} .o_notebook_headers .nav-link.active[name=${name}]` },
    ];
}

/** Press a button of the header by the method or text it carries. */
export function press(label) {
    return [
        {
            content: `Press ${label}`,
            trigger: `${FORM} .o_statusbar_buttons button:contains(${label}):enabled`,
            run: "click",
        },
    ];
}

/** Press a button of the open dialog, and wait until the dialog is gone. */
export function pressInDialog(label) {
    return [
        {
            content: `Press ${label} in the dialog`,
            trigger: `${DIALOG} footer button:contains(${label}):enabled`,
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ];
}

/** The visit, job or check has come to a state. */
export function seeState(state) {
    return [
        {
            content: `The state is now ${state}`,
            trigger: `${FORM} .o_statusbar_status button.o_arrow_button_current[data-value=${state}]`,
        },
    ];
}

export function save() {
    return [
        {
            content: "Save",
            trigger: `${FORM} .o_form_button_save:enabled`,
            run: "click",
        },
        { trigger: `.o_form_saved` },
    ];
}

/** Draw one stroke with the pen, as a customer does on the tablet. */
function drawStroke({ anchor }) {
    const { left, top, width, height } = anchor.getBoundingClientRect();
    const point = (type, x, y) =>
        new PointerEvent(type, {
            bubbles: true,
            buttons: type === "pointerup" ? 0 : 1,
            cancelable: true,
            clientX: left + width * x,
            clientY: top + height * y,
            isPrimary: true,
            pointerId: 1,
            pressure: 0.5,
        });
    anchor.dispatchEvent(point("pointerdown", 0.2, 0.7));
    for (const [x, y] of [
        [0.3, 0.3],
        [0.4, 0.7],
        [0.5, 0.3],
        [0.6, 0.7],
    ]) {
        anchor.dispatchEvent(point("pointermove", x, y));
    }
    anchor.dispatchEvent(point("pointerup", 0.8, 0.4));
}

/** Draw on a signature pad as soon as it is ready. */
export async function drawOn(anchor) {
    // The pad wipes what it proposed when it turns to drawing.
    await new Promise((resolve) => setTimeout(resolve, 300));
    drawStroke({ anchor });
}

/** Draw a signature into a signature field. */
export function sign(name, scope = FORM) {
    return [
        {
            content: "Open the signature pad",
            trigger: `${field(name, scope)} .o_signature`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_web_sign_draw_button`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_web_sign_draw_button.active`,
        },
        {
            content: "Draw the signature",
            trigger: `${DIALOG} canvas.o_web_sign_signature`,
            async run() {
                await drawOn(this.anchor);
            },
        },
        {
            content: "Adopt it",
            trigger: `${DIALOG} footer button.btn-primary:enabled`,
            run: "click",
        },
        {
            content: "The signature is on the sheet",
            trigger: `${field(name, scope)} img`,
        },
    ];
}

/** Answer every line of a check, sum it up and sign it. */
export function fillCheck(conclusion) {
    const pass = `${FORM} .o_field_one2many[name=line_ids] button[name=action_pass]`;
    return [
        {
            content: "Pass every line",
            trigger: pass,
            run: () => passAll(pass),
        },
        { trigger: `${FORM}:not(:has(button[name=action_pass]))` },
    ].concat(
        fill("conclusion", conclusion),
        [
            {
                content: "Sign and finish",
                trigger: `${FORM} button[name=action_finish]:enabled`,
                run: "click",
            },
        ],
        pressInDialog("Sign and finish"),
        seeState("done"),
    );
}

async function passAll(selector) {
    for (let left = 40; left; left--) {
        const button = document.querySelector(selector);
        if (!button) {
            return;
        }
        button.click();
        const isAnswered = () =>
            document.querySelector(selector) !== button && !button.isConnected;
        for (let wait = 100; wait && !isAnswered(); wait--) {
            await new Promise((resolve) => setTimeout(resolve, 30));
        }
    }
}
