/** Light or dark: as the system has it, until the reader chooses. */
import { useEffect, useState } from "react";

type Theme = "light" | "dark";
const KEPT = "staking-web:theme";

export function ThemeToggle() {
  const [chosen, setChosen] = useState<Theme | undefined>(() => kept());
  const [system, setSystem] = useState<Theme>(() => (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  useEffect(() => {
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    const changed = () => { setSystem(media.matches ? "dark" : "light"); };
    media.addEventListener("change", changed);
    return () => { media.removeEventListener("change", changed); };
  }, []);
  useEffect(() => {
    if (chosen === undefined) delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
  }, [chosen]);
  const next: Theme = (chosen ?? system) === "dark" ? "light" : "dark";
  const choose = () => {
    localStorage.setItem(KEPT, next);
    setChosen(next);
  };
  return (
    <button type="button" className="icon-button" onClick={choose} aria-label={`Switch to ${next} colours`} title={`Switch to ${next} colours`}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}

function kept(): Theme | undefined {
  const value = localStorage.getItem(KEPT);
  return value === "light" || value === "dark" ? value : undefined;
}
