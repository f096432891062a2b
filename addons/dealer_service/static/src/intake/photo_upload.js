import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useState } from "@odoo/owl";

const LONGEST_SIDE = 1920;
const QUALITY = 0.85;

/** Make a photo small enough for the network of a yard; others pass as they are. */
async function shrink(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) {
        return file;
    }
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) =>
        canvas.toBlob(resolve, "image/jpeg", QUALITY),
    );
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg" });
}

/**
 * Upload photos of a visit, several at once.
 *
 * @param {Number} orderId
 * @param {Function} onUploaded called with the ids of the new attachments
 */
export function usePhotoUpload(orderId, onUploaded) {
    const http = useService("http");
    const notification = useService("notification");
    const state = useState({ isUploading: false });

    async function upload(ev) {
        const input = ev.target;
        const files = [...input.files];
        if (!files.length) {
            return;
        }
        state.isUploading = true;
        try {
            const ufile = await Promise.all(files.map(shrink));
            const response = await http.post(
                "/web/binary/upload_attachment",
                {
                    csrf_token: odoo.csrf_token,
                    model: "dealer.repair.order",
                    id: orderId,
                    ufile,
                },
                "text",
            );
            const uploaded = JSON.parse(response);
            const failed = uploaded.find((file) => file.error);
            if (failed) {
                throw new Error(failed.error);
            }
            await onUploaded(uploaded.map((file) => file.id));
        } catch (error) {
            notification.add(
                _t("The photos were not stored: %s", error.message || error),
                { type: "danger" },
            );
        } finally {
            state.isUploading = false;
            input.value = "";
        }
    }

    return { state, upload };
}
