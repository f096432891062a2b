import { registry } from "@web/core/registry";
import { field, fill, inDialog, openTab, pressInDialog, seeState } from "./tour_steps";

const tours = registry.category("web_tour.tours");
const FORM = ".o_form_view";
const DIALOG = ".modal:not(.o_inactive_modal)";
const LINES = `${FORM} .o_field_one2many[name=line_ids]`;

/** The other points are answered already; drive, sign, and see the certificate. */
tours.add("dealer_quality_certificate", {
    steps: () => [
        {
            content: "Record the first drive",
            trigger: `${FORM} .o_statusbar_buttons button[name=action_road_test]:enabled`,
            run: "click",
        },
        {
            content: "The main technician is proposed to ride along",
            trigger: `${inDialog("companion_id")} input:value(technician)`,
        },
        ...fill("end_km", "30003", DIALOG),
        {
            content: "It has to be driven again",
            trigger: `${inDialog("result")} .o_selection_badge:contains(Drive again)`,
            run: "click",
        },
        ...fill("note", "Pulls to the left", DIALOG),
        ...pressInDialog("Record the drive"),
        {
            content: "The drive is on the sheet",
            trigger: `${FORM} .o_field_widget[name=road_test_ids] .o_data_row:contains(Pulls)`,
        },
        {
            content: "Record the second drive",
            trigger: `${FORM} .o_statusbar_buttons button[name=action_road_test]:enabled`,
            run: "click",
        },
        {
            content: "It goes on from the last reading",
            trigger: `${inDialog("start_km")} input:value(30,003)`,
        },
        ...fill("end_km", "30011", DIALOG),
        ...pressInDialog("Record the drive"),
        ...fill("conclusion", "Repaired as ordered"),
        {
            content: "Sign and finish",
            trigger: `${FORM} button[name=action_finish]:enabled`,
            run: "click",
        },
        ...pressInDialog("Sign and finish"),
        ...seeState("done"),
        {
            content: "The certificate is issued by the same signature",
            trigger: `${field("certificate_no")} span:contains(CERT)`,
        },
        { trigger: `${LINES}` },
    ],
});

/** The banner at reception: one press, and the job is free. */
tours.add("dealer_quality_comeback", {
    steps: () => [
        {
            content: "The visit may be a come-back",
            trigger: `${FORM} .o_field_widget[name=comeback_hint]:contains(Engine)`,
        },
        {
            content: "Take it as one",
            trigger: `${FORM} button[name=action_treat_as_comeback]`,
            run: "click",
        },
        {
            content: "The visit has a rework order now",
            trigger: `${FORM} button[name=action_open_reworks]`,
        },
        ...openTab("jobs"),
        {
            content: "The job is borne by the store",
            trigger: `${FORM} .o_field_widget[name=job_ids] .o_data_row:contains(Internal)`,
        },
        {
            content: "Its rework order",
            trigger: `${FORM} button[name=action_open_reworks]`,
            run: "click",
        },
        {
            content: "Open it, or see it in the list",
            trigger: ".o_list_view .o_data_row:contains(Come-back) td[name=original_job_id]",
            run: "click",
        },
        {
            content: "The three days run",
            trigger: `${field("evidence_due_at")}`,
        },
    ],
});
