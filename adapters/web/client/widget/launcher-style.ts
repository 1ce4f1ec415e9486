/** `all: initial` on the host element: nothing is inherited from the page around it. */
export const STYLE = `
:host { all: initial; --fill: var(--accent, #1f6feb); --line: var(--on-accent, #fff); }
[hidden] { display: none !important; }
.launcher {
  position: fixed; z-index: 2147483001;
  right: calc(20px + env(safe-area-inset-right)); bottom: calc(20px + env(safe-area-inset-bottom));
  display: grid; place-items: center; width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%;
  background: var(--fill); color: var(--line); cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 28%);
}
.launcher:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #0b57d0; }
.icon { grid-area: 1 / 1; width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.icon:nth-of-type(2), :host([data-open]) .icon:nth-of-type(1) { visibility: hidden; }
:host([data-open]) .icon:nth-of-type(2) { visibility: visible; }
.badge {
  position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px;
  background: #c5221f; color: #fff; font: 600 13px/22px system-ui, sans-serif; text-align: center;
}
:host([data-open]) .badge { display: none; }
.panel {
  position: fixed; z-index: 2147483000;
  right: calc(20px + env(safe-area-inset-right)); bottom: calc(88px + env(safe-area-inset-bottom));
  width: 384px; height: min(640px, 100vh - 112px); overflow: hidden; border-radius: 16px;
  background: Canvas; box-shadow: 0 8px 40px rgb(0 0 0 / 26%);
}
.absent {
  display: flex; flex-direction: column; gap: 16px; align-items: center; justify-content: center; height: 100%; padding: 24px;
  box-sizing: border-box; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; text-align: center;
}
.absent p { margin: 0; }
.absent a { color: LinkText; }
.absent button { padding: 4px 12px; border: 1px solid; border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer; }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
@media (max-width: 480px) {
  .panel { top: var(--top, 0); right: 0; bottom: auto; left: 0; width: 100%; height: var(--height, 100dvh); border-radius: 0; }
  :host([data-open]) .launcher { display: none; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: rise 0.16s ease-out; }
  .launcher { transition: transform 0.12s; }
  .launcher:hover { transform: scale(1.05); }
  @keyframes rise { from { opacity: 0; transform: translateY(10px); } }
}
`
