import { Component, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useComebacks } from "./reception_comebacks";
import * as format from "./reception_format";

/** One car on one screen, and the repair order that begins here. */
export class ReceptionCard extends Component {
    static template = "dealer_service.ReceptionCard";
    static props = {
        card: Object,
        draft: Object,
        openIntake: Function,
        openVisit: Function,
        openRecord: Function,
        logVisit: Function,
    };

    setup() {
        this.orm = useService("orm");
        Object.assign(this, format);
        this.receiveRef = useRef("receive");
        const { owner } = this.props.card;
        this.state = useState({
            packages: [],
            findings: [],
            concern: this.appointment?.concern || "",
            sender_name: this.appointment?.sender || owner.name || "",
            sender_phone: owner.phone || "",
            isBusy: false,
        });
        this.comebacks = useComebacks(this.car.id, () => this.state.concern.trim());
        if (this.canComeBack) {
            this.comebacks.look();
        }
        onWillUpdateProps(() => (this.state.isBusy = false));
    }

    get car() {
        return this.props.card.vehicle;
    }

    /** The appointment that the car keeps by coming now. */
    get appointment() {
        return this.props.card.appointments.find((line) => line.own && line.is_today);
    }

    get isHere() {
        return this.props.card.open_visits.length > 0;
    }

    /** Only a car with a guarantee can come back under one. */
    get canComeBack() {
        const { can_receive, guarantees } = this.props.card;
        return can_receive && !this.isHere && guarantees.length > 0;
    }

    get carDetails() {
        const { car } = this;
        return [car.model, car.color, car.energy].filter(Boolean).join(" · ");
    }

    get receiveLabel() {
        return this.appointment ? _t("Car has arrived") : _t("Receive the car");
    }

    get total() {
        const chosen = this.props.card.packages.filter((line) =>
            this.state.packages.includes(line.id),
        );
        return chosen.reduce((sum, line) => sum + (line.price || 0), 0);
    }

    toggle(id) {
        const { packages } = this.state;
        this.state.packages = packages.includes(id)
            ? packages.filter((other) => other !== id)
            : [...packages, id];
    }

    /** What was declined goes along with a new visit, or onto the one that is open. */
    get canRevive() {
        const { can_receive, open_visits } = this.props.card;
        return can_receive && (!this.isHere || open_visits.some((visit) => visit.own));
    }

    async revive(id) {
        if (!this.isHere) {
            const { findings } = this.state;
            this.state.findings = findings.includes(id)
                ? findings.filter((other) => other !== id)
                : [...findings, id];
            return;
        }
        const action = await this.orm.call("dealer.vehicle.finding", "action_revive", [
            [id],
        ]);
        await this.props.openVisit(action.res_id);
    }

    /** On a phone the new repair order begins below the car. */
    jump() {
        this.receiveRef.el.scrollIntoView();
        this.receiveRef.el.querySelector("textarea").focus();
    }

    openLine(line) {
        if (line.id && line.own) {
            this.props.openVisit(line.id);
        }
    }

    onConcern() {
        if (this.canComeBack) {
            this.comebacks.lookSoon();
        }
    }

    /** Open the visit once, however often the button is pressed, and walk round. */
    async receive() {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const orderId = await this.orm.call("dealer.repair.order", "receive", [
                {
                    vehicle_id: this.car.id,
                    order_id: this.appointment?.id || false,
                    concern: this.state.concern.trim(),
                    sender_name: this.state.sender_name.trim(),
                    sender_phone: this.state.sender_phone.trim(),
                    package_ids: this.state.packages,
                    finding_ids: this.state.findings,
                    guarantee_ids: this.comebacks.chosenIds,
                },
            ]);
            await this.props.openIntake(orderId);
        } finally {
            this.state.isBusy = false;
        }
    }

    logVisit() {
        this.props.logVisit({
            vehicle_id: this.car.id,
            partner_id: this.props.card.owner.id || false,
            demand: this.state.concern.trim(),
        });
    }
}
