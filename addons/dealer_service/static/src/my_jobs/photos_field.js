import { FileInput } from "@web/core/file_input/file_input";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/** A file input that opens the camera on a phone. */
export class CameraInput extends FileInput {
    static template = "dealer_service.CameraInput";
}

/**
 * Photos taken on the spot: one big button, and what was taken as pictures.
 */
export class PhotosField extends Many2ManyBinaryField {
    static template = "dealer_service.PhotosField";
    static components = { CameraInput, FileInput };

    getThumbnail(id) {
        return `/web/image/${id}?height=160`;
    }
}

export const photosField = {
    ...many2ManyBinaryField,
    component: PhotosField,
    displayName: _t("Photos by camera"),
};

registry.category("fields").add("dealer_photos", photosField);
