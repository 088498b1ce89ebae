// Live facts of poles, from @BASE@ (Licence Ouverte 2.0). Where it does not run, what the page holds inside the element stays.
// Use: <span class="ptce-live" data-ptce="pole/tetris">Tetris</span>
(function () {
  "use strict";
  var BASE = "@BASE@";
  var WORDS = {
    fr: { place: "Lieu", regions: "Région", sectors_name: "Secteurs", stage_name: "Étape", first_recognised: "Reconnaissance", record: "Fiche" },
    en: { place: "Place", regions: "Region", sectors_name: "Sectors", stage_name: "Stage", first_recognised: "Recognised", record: "Record" }
  };

  function row(list, word, node) {
    var dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = word;
    dd.appendChild(node);
    list.appendChild(dt);
    list.appendChild(dd);
  }

  function show(element, pole, words) {
    var list = document.createElement("dl");
    Object.keys(words).forEach(function (column) {
      var value = Array.isArray(pole[column]) ? pole[column].join(", ") : pole[column];
      if (value) row(list, words[column], document.createTextNode(value));
    });
    var link = document.createElement("a");
    link.href = BASE + "id/" + element.dataset.ptce;
    link.textContent = pole.name;
    row(list, words.record, link);
    element.textContent = "";
    element.appendChild(list);
  }

  function load(element) {
    if (!window.fetch || !/^pole\/[a-z0-9]+(-[a-z0-9]+)*$/.test(element.dataset.ptce)) return;
    var iri = BASE + "id/" + element.dataset.ptce;
    var language = (document.documentElement.lang || "fr").slice(0, 2);
    fetch(BASE + "api/poles.json?id=" + encodeURIComponent(element.dataset.ptce.slice(5)), { credentials: "omit", referrerPolicy: "no-referrer" })
      .then(function (answer) { return answer.ok ? answer.json() : { items: [] }; })
      .then(function (found) {
        found.items.filter(function (pole) { return pole.id === iri; }).forEach(function (pole) {
          show(element, pole, WORDS[language] || WORDS.en);
        });
      })
      .catch(function () { /* what the page holds stays */ });
  }

  function start() { document.querySelectorAll(".ptce-live[data-ptce]").forEach(load); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
