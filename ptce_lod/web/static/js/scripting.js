// In the head and not deferred: what only scripts use has its place before the first paint, so that nothing shifts.
document.documentElement.classList.add("js");
