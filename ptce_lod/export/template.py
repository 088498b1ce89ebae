"""The text of the nginx configuration of an exported site, with places for what ``nginx.py`` finds out (``str.format``)."""

from __future__ import annotations

from typing import Final

#: Of every answer.
HEADERS: Final = """\
  add_header Access-Control-Allow-Origin * always;
  add_header Vary "Accept, Accept-Encoding, Accept-Language, Cookie" always;
  add_header X-Content-Type-Options nosniff always;
  add_header Referrer-Policy strict-origin-when-cross-origin always;"""

#: Of a document and its files.
DOCUMENT_HEADERS: Final = """\
{headers}
  add_header Content-Security-Policy "{policy}" always;
  add_header Cache-Control "{current}" always;"""

#: Of what is not there at the address as it stands.
NEGOTIATED: Final = """\
    if ($ptce_gone) {{ return 410; }}
    if ($ptce_bad) {{ return 400; }}
    if ($ptce_chosen = none) {{ rewrite ^ $ptce_stem.refused last; }}
    if ($ptce_chosen = see) {{ return 303 {see}; }}
    if ($ptce_chosen = n3) {{ return 418; }}
    try_files $ptce_stem$ptce_page$ptce_view.$ptce_suffix $ptce_stem$ptce_page.$ptce_suffix $ptce_whole =404;"""

TEMPLATE: Final = """\
# Serves an exported site of {base}
# as its server does. Include it in the http block of nginx, and set the root below.
map_hash_bucket_size 4096;
map_hash_max_size 8192;
variables_hash_bucket_size 128;

{weights}
map $ptce_bare $ptce_kind {{
  default "";
{kinds}
}}
map "$ptce_kind $http_accept" $ptce_format {{
  default html;
{formats}
}}
map $arg_lang $ptce_asked {{ default ""; fr fr; en en; }}
map $cookie_lang $ptce_kept {{ default ""; fr fr; en en; }}
map "$ptce_asked$ptce_kept" $ptce_language {{ default $ptce_preferred; fr fr; frfr fr; fren fr; en en; enfr en; enen en; }}
map $ptce_told_by $ptce_said {{ default $ptce_told_by; html "$ptce_language.html"; }}
map $uri $ptce_chosen {{
  default $ptce_format;
  "~[.]linkset[.]json$" linksetjson;
  "~[.](?<ptce_named>html|{endings})$" $ptce_named;
}}
map $ptce_chosen $ptce_suffix {{ default $ptce_chosen; html "$ptce_language.html"; atom "$ptce_language.atom"; json $ptce_json; }}
# The JSON of a page stands beside it, but for the statistics, whose page shows charts.
map $ptce_stem $ptce_json {{ default json; "{prefix}statistics" charts.json; }}
# Documents without pages, which ignore what is asked for; only who asks for a page pays for looking here.
map $ptce_bare $ptce_pageless {{
  default "";
{pageless}
}}
map $arg_page $ptce_page {{ default $ptce_page_there; "" ""; 1 ""; }}
map $ptce_pageless $ptce_page_there {{ default ""; "" $ptce_page_read; }}
map $arg_page $ptce_page_read {{ default bad; "~^([2-9]|[1-9][0-9]{{1,8}})$" "{mark}$arg_page"; }}
# Of map and network, only what people read has pages.
map $ptce_chosen $ptce_whole {{ default ""; "~^(json|geojson|graphml)$" $ptce_whole_file; }}
map $ptce_stem $ptce_whole_file {{ default ""; "~^{prefix}(map|network)$" "$ptce_stem.$ptce_suffix"; }}
map $arg_view $ptce_view {{ default bad; "" ""; statements "{mark}statements"; }}
map "$ptce_page $ptce_view" $ptce_bad {{ default ""; " " ""; "~bad" 1; }}
map $uri $ptce_stem {{ default $uri; "{prefix}" "{prefix}index"; "~^(?<ptce_name>.+)[.](html|linkset[.]json|{endings})$" $ptce_name; }}
# Behind the name of a file that is only its first page, when another is asked for: there is no such file, and the next place looks for
# the page. Who asks for none pays for looking at an empty text.
map $arg_page $ptce_beyond {{ default $ptce_beyond_paged; "" ""; }}
map "$arg_page$arg_view" $ptce_beyond_described {{ default "{mark}"; "" ""; }}
map "$ptce_pageless$uri" $ptce_beyond_paged {{ default ""; "~^/.*[.]({endings})$" "{mark}"; }}
map $uri $ptce_table {{ default ""; "~^(?<ptce_table_name>.+)[.][a-z]+$" $ptce_table_name; }}
map $uri $ptce_table_ending {{ default none; "~[.](?<ptce_table_extension>[a-z]+)$" $ptce_table_extension; }}
# The address without the extension of one of its files, and that extension.
map $uri $ptce_bare {{ default $uri; "~^(?<ptce_bare_name>.+)[.](html|linkset[.]json|{endings})$" $ptce_bare_name; }}
map $uri $ptce_file {{ default ""; "~(?<ptce_file_extension>[.](html|linkset[.]json|{endings}))$" $ptce_file_extension; }}
map $ptce_bare $ptce_moved {{
  default "";
{moved}
}}
map $ptce_bare $ptce_gone {{
  default "";
{gone}
}}
map $uri $ptce_policy {{
  default "{policy}";
  "~^{prefix}sparql([.]|$)" "{policy}; script-src 'self' 'wasm-unsafe-eval'";
  "~^{prefix}embed/" "{cards}";
  "~^{prefix}report([.]|$)" "{report}";
}}
# Of the address that was asked for: the name of the file has taken its place when the headers are made. What is not there may come.
map $status $ptce_cache {{ default "{current}"; 200 $ptce_kept_for; 206 $ptce_kept_for; 304 $ptce_kept_for; }}
map $request_uri $ptce_kept_for {{
  default "{current}";
  "~^{prefix}(dumps/{release}/|patches/)" "{forever}";
  "~^{prefix}(catalog/)?feed/" $ptce_page_kept_for;
}}
# A page of a stream that is full never changes, but what surrounds it for people may.
map $ptce_chosen $ptce_page_kept_for {{ default $ptce_data_kept_for; html "{current}"; }}
map $ptce_bare $ptce_data_kept_for {{
  default "{current}";
{lasting}
}}
# Which address the representation has by itself, and that of the document, with the page or view; some name the first page, some do not.
map $arg_page $ptce_page_query {{ default $ptce_page_query_there; "" ""; 1 $ptce_first_query; }}
map $ptce_pageless $ptce_page_query_there {{ default ""; "" "?page=$arg_page"; }}
map $uri $ptce_first_query {{ default $ptce_page_query_there; "~^{prefix}(catalog|map|network)([.]|$)" ""; }}
map $arg_view $ptce_query {{ default $ptce_page_query; statements $ptce_view_query; }}
map $uri $ptce_view_query {{ default $ptce_page_query; "~^{prefix}({described})/" "?view=statements"; }}
map $ptce_chosen $ptce_ending {{ default $ptce_chosen; linksetjson linkset.json; json $ptce_json; }}
map "$ptce_kind:$uri" $ptce_itself {{
  default "{origin}$ptce_stem.$ptce_ending$ptce_query";
  "~^:" "";
  "~:{prefix}(report[.].+|{beginnings})?$" "";
}}
map "$ptce_kind:$uri" $ptce_links {{
  "~:{prefix}report$" '<{origin}{prefix}report.ttl>; rel="alternate"; type="text/turtle"';
  "~:{prefix}report[.]" "";
  default '<{origin}$ptce_stem$ptce_page_query>; rel="canonical", <{origin}$ptce_stem.linkset$ptce_page_query>; {linkset}';
  "~^:" "";
  "~:{prefix}({beginnings})?$" "";
  "~[.]({endings})$" "";
}}
# Only of what is sent: not of what leads elsewhere.
map $status $ptce_is_sent {{ default ""; 200 1; 206 1; 304 1; }}
map $ptce_is_sent $ptce_location {{ default $ptce_itself; "" ""; }}
map $ptce_is_sent $ptce_related {{ default $ptce_links; "" ""; }}
map $ptce_is_sent $ptce_document_location {{ default "{origin}$ptce_document.$ptce_ending$ptce_query"; "" ""; }}
map $ptce_is_sent $ptce_document_related {{
  default '<{origin}$ptce_document$ptce_page_query>; rel="canonical", <{origin}$ptce_document.linkset$ptce_page_query>; {linkset}';
  "" "";
}}

server {{
  listen 127.0.0.1:{port};
  root site;
  charset utf-8;
  charset_types {texts};
  gzip_static on;
  default_type application/octet-stream;
  absolute_redirect off;
  types {{
{types}
  }}
{headers}
  add_header Content-Security-Policy $ptce_policy always;
  add_header Cache-Control $ptce_cache always;
  add_header Content-Location $ptce_location;
  add_header Link $ptce_related;
{errors}
{error_places}
  location {prefix}{folder}/ {{ internal; }}
{slash}
  # What most ask for, before the other places are looked through: documents, and their files.
  location ~ "^(?<ptce_document>{prefix}(?:{described})/[^.]*[^./])$" {{
{document_headers}
    add_header Content-Location $ptce_document_location;
    add_header Link $ptce_document_related;
    if ($ptce_moved) {{ return 301 $ptce_moved; }}
{negotiated}
  }}
  location ~ "^{prefix}(?:{described})/.+[.](?:{endings})$" {{
{document_headers}
    add_header Content-Location "{origin}$uri";
    try_files $uri$ptce_beyond_described @negotiated;
  }}
  location ~ "^{prefix}id/(concept/[a-z0-9-]+/[a-z0-9-]+)$" {{
    if (-f "$document_root{prefix}$1.nt") {{ return 301 {prefix}$1; }}
    return 404;
  }}
  location ~ "^{prefix}id/([a-z-]+/[a-z0-9-]+)$" {{
    set $ptce_document "{prefix}doc/$1";
    if ($ptce_moved) {{ return 301 $ptce_moved; }}
    if ($ptce_gone) {{ return 410; }}
    if (-f "$document_root$ptce_document.nt") {{ return 303 $ptce_document; }}
    return 404;
  }}
  location ~ "^{prefix}dumps/(latest|{release})/?$" {{ return 303 {prefix}dataset/all; }}
  location ~ "^{prefix}{beginnings}$" {{
    if ($ptce_format = see) {{ return 303 {see}; }}
    return 303 {prefix}api;
  }}
  # Another release.
  location ~ "^{prefix}dumps/(?!{release}(?:/|$))[0-9a-f]{{16}}(?:/|$)" {{
    error_page 410 @{former};
    return 410;
  }}
  location @{former} {{ try_files {prefix}{folder}/{former}.$ptce_said =404; }}
  location {prefix}dumps/ {{
    rewrite "^{prefix}dumps/{release}/(.+)$" {prefix}dumps/latest/$1 break;
    try_files $uri =404;
  }}
  location ~ "^{prefix}dumps/.+[.]csv-metadata[.]json$" {{
    types {{ application/csvm+json json; }}
    rewrite "^{prefix}dumps/{release}/(.+)$" {prefix}dumps/latest/$1 break;
    try_files $uri =404;
  }}
  location ~ "^{prefix}patches/[0-9a-f]+/[0-9a-f]+$" {{
    types {{ }}
    default_type application/rdf-patch;
    try_files $uri.rdfp =404;
  }}
  # Tables for programs: pages are files, filters would need a server.
  location {prefix}api/ {{
    if ($args ~ "(^|&)(?!page=|lang=)[^&]") {{ return 404; }}
    if ($ptce_bad) {{ return 400; }}
    try_files $ptce_table$ptce_page.$ptce_table_ending =404;
  }}
  # Texts in the language of the reader.
  location ~ "^(?<ptce_text>{prefix}(?:cite/.+|wikis/.+|opensearch|news))[.](?<ptce_text_ending>json|bib|txt|xml|atom)$" {{
    types {{
      application/vnd.citationstyles.csl+json json;
      application/x-bibtex bib;
      text/plain txt;
      application/opensearchdescription+xml xml;
      application/atom+xml atom;
    }}
    try_files $ptce_text.$ptce_language.$ptce_text_ending =404;
  }}
  location ~ "^{prefix}embed/[a-z-]+/[a-z0-9-]+$" {{ try_files $uri.$ptce_language.html =404; }}
  location = {prefix}.well-known/api-catalog {{
    types {{ }}
    default_type 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"';
  }}
  location = {prefix}.well-known/void {{
    rewrite ^ {prefix}void last;
  }}
  location = {prefix}llms.txt {{ types {{ text/markdown txt; }} }}
  location = {prefix}logo {{
    types {{ }}
    default_type image/svg+xml;
  }}
  location {prefix}static/ {{ try_files $uri =404; }}
  # 406 for what is there in other types, 404 for what is not.
  location ~ "^(?<ptce_refused>.+)[.]refused$" {{
    internal;
    if (-f "$document_root$ptce_refused.nt") {{ return 406; }}
    if (-f "$document_root$ptce_refused.fr.html") {{ return 406; }}
    return 404;
  }}
  location / {{
    try_files $uri$ptce_beyond @negotiated;
  }}
  location @negotiated {{
    set $ptce_asked_for $ptce_itself$ptce_links;  # before the name of the file takes the place of the address
    if ($uri ~ "^(?<ptce_slashless>{prefix}.*[^/])/$") {{ return 301 $ptce_slashless$is_args$args; }}
    if ($ptce_moved) {{ return 301 $ptce_moved$ptce_file; }}
{negotiated}
  }}
  # Turtle under another name: there are no files of its own.
  location @n3 {{
    types {{ }}
    default_type {n3};
    set $ptce_asked_for $ptce_itself$ptce_links;
    try_files $ptce_stem$ptce_page.ttl =404;
  }}
}}
"""
