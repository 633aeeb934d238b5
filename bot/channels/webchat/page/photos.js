// Files chosen but not yet sent: previews, and photos made smaller before they go.

const LONGEST_SIDE = 1600; // px
const QUALITY = 0.82;

/** A smaller JPEG of a photo, or the file itself when that is no gain or no photo. */
export async function shrunk(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return { blob: file, name: file.name };
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return { blob: file, name: file.name };
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob || blob.size >= file.size) return { blob: file, name: file.name };
  return { blob, name: file.name.replace(/\.\w+$/, "") + ".jpg" };
}

export const MOST_FILES = 10;
export const MOST_BYTES = 20 * 1024 * 1024;

export class Tray {
  constructor(box, label) {
    this.box = box;
    this.label = label;
    this.files = [];
  }

  /** Take files, as many as fit; true when all did. */
  add(files) {
    const fitting = [...files].slice(0, MOST_FILES - this.files.length);
    this.files.push(...fitting);
    this.draw();
    return fitting.length === files.length;
  }

  remove(file) {
    this.files = this.files.filter((one) => one !== file);
    this.draw();
  }

  clear() {
    this.files = [];
    this.draw();
  }

  async take(shrink) {
    const files = await Promise.all(this.files.map((file) => (shrink ? shrunk(file) : { blob: file, name: file.name })));
    if (files.reduce((sum, { blob }) => sum + blob.size, 0) > MOST_BYTES) return null;
    this.clear();
    return files;
  }

  draw() {
    this.box.hidden = !this.files.length;
    this.box.querySelector(".check").hidden = !this.files.some((file) => file.type.startsWith("image/"));
    this.box.querySelector("ul").replaceChildren(...this.files.map((file) => this.item(file)));
  }

  item(file) {
    const item = document.createElement("li");
    const remove = document.createElement("button");
    remove.type = "button";
    remove.setAttribute("aria-label", `${this.label("remove")}: ${file.name}`);
    const cross = document.createElement("span");
    cross.textContent = "✕";
    cross.setAttribute("aria-hidden", "true");
    remove.append(cross);
    remove.addEventListener("click", () => this.remove(file));
    item.append(preview(file), remove);
    return item;
  }
}

function preview(file) {
  if (!file.type.startsWith("image/")) {
    const name = document.createElement("span");
    name.className = "file";
    name.textContent = file.name;
    return name;
  }
  return picture(file, file.name);
}

/** An image element for a blob; its address is given back once it is drawn. */
export function picture(blob, alt) {
  const image = new Image();
  image.alt = alt;
  image.src = URL.createObjectURL(blob);
  image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
  return image;
}
