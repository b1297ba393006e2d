package link

const partsSource = `
{{define "icon-close"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>{{end}}
{{define "icon-back"}}<svg class="icon icon-dir" viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7"/></svg>{{end}}
{{define "icon-next"}}<svg class="icon icon-s icon-dir" viewBox="0 0 24 24" aria-hidden="true"><path d="M9 5l7 7-7 7"/></svg>{{end}}
{{define "icon-warn"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4l9 15.5H3z"/><path d="M12 10v4.5M12 17v.01"/></svg>{{end}}
{{define "icon-info"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.75"/><path d="M12 11v5M12 7.75v.01"/></svg>{{end}}
{{define "icon-search"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/></svg>{{end}}
{{define "icon-clear"}}<svg class="icon icon-s" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>{{end}}
{{define "icon-eye"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.75"/></svg>{{end}}
{{define "icon-tick"}}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path class="tick" d="M5 12.5l4.5 4.5L19 7.5"/></svg>{{end}}
{{define "weave"}}<path d="M5 2h4.500v11.500H5zM5 20.500h4.500V22H5zM2 6.500h2v2H2zM10.500 6.500H22v2H10.500zM15.500 2h2v3.500h-2zM15.500 9.500h2V22h-2zM2 14.500h12.500v4.500H2zM18.500 14.500H22v4.500h-3.500z"/>{{end}}

{{define "pane"}}<div class="pane{{if .Progress}} pane-idv{{end}}" role="dialog" aria-modal="true" aria-labelledby="pane-title" data-view="{{.View}}">
<form class="pane-form" novalidate method="post" action="#">
{{template "head" .}}
{{with .Progress}}<ol class="steps" aria-label="{{.Label}}">{{range .Bars}}<li class="{{.}}"></li>{{end}}</ol>
{{end}}<div class="pane-main">
{{template "body" .}}
</div>
{{template "foot" .}}
</form>
</div>{{end}}

{{define "head"}}<header class="pane-head">
{{if .Back}}<button class="icon-btn" type="button" aria-label="{{.T "common.back"}}" data-action="back" data-testid="link-back">{{template "icon-back"}}</button>{{else}}<span></span>{{end}}
{{with .Institution}}<span class="pane-mark"><span class="{{.Class "s"}}" aria-hidden="true">{{.Letters}}</span><span>{{.Name}}</span></span>{{else}}<span></span>{{end}}
<button class="icon-btn" type="button" aria-label="{{.T "common.close"}}" data-action="close" data-testid="link-close">{{template "icon-close"}}</button>
</header>{{end}}

{{define "foot"}}<footer class="pane-foot">
{{if .Legal}}{{$legal := .LegalParts}}<p class="legal">{{$legal.Before}}{{if $legal.Link}}<a href="{{.LegalURL}}" target="_blank" rel="noopener noreferrer">{{$legal.Link}}</a>{{end}}{{$legal.After}}</p>
{{end}}{{if .Hint}}<p class="sandbox" data-testid="sandbox-hint"><span><b>{{.T "sandbox.label"}}</b> {{.Hint.Text}}</span>{{if .Hint.Fill}}<button class="btn" type="button" data-fill="{{.FillJSON}}">{{.T "sandbox.fill"}}</button>{{end}}</p>
{{end}}{{if .Opens}}<a id="aut-button" class="btn btn-primary btn-big" href="{{.Opens}}"{{if .Window}} target="_blank" rel="opener" data-window{{else}} target="_top"{{end}}>{{.Primary}}</a>
{{else if .Primary}}<button id="aut-button" class="btn btn-primary btn-big" type="submit"{{if .Departs}} data-departs{{end}}>{{.Primary}}</button>
{{end}}{{with .Secondary}}{{if .URL}}<a id="aut-secondary-button" class="btn btn-quiet btn-big" href="{{.URL}}" target="_blank" rel="noopener noreferrer">{{.Label}}</a>
{{else}}<button id="aut-secondary-button" class="btn btn-quiet btn-big" type="button" data-action="{{.Does}}"{{with .Value}} data-value="{{.}}"{{end}}>{{.Label}}</button>
{{end}}{{end}}{{if .By}}<p class="by"><svg width="14" height="14" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">{{template "weave"}}</svg><span>{{.T "common.by"}}</span></p>
{{end}}</footer>{{end}}

{{define "top"}}<div class="pane-top">
<h1 class="pane-title" id="pane-title" tabindex="-1">{{.Title}}</h1>
{{if .Lead}}<p class="pane-lead" id="pane-lead">{{.Lead}}</p>{{end}}
</div>
{{if .Notice}}<p class="note note-warn">{{template "icon-warn"}}<span>{{.Notice}}</span></p>{{end}}{{end}}

{{define "data"}}{{with .Data}}<details class="data-list" data-opened="view_data_types" data-testid="data-types"><summary><span>{{.Title}}</span> {{template "icon-next"}}</summary>
<ul>{{range .Types}}<li>{{.}}</li>{{end}}</ul>
{{if .UseCases}}<p class="data-why">{{.Why}}</p>
<ul>{{range .UseCases}}<li>{{.}}</li>{{end}}</ul>
{{end}}</details>{{end}}{{end}}

{{define "error"}}{{if .Error}}<p class="err" id="{{.ErrorID}}" role="alert">{{template "icon-warn"}}<span>{{.Error}}</span></p>{{end}}{{end}}

{{define "fields"}}{{$screen := .}}{{range .Fields}}{{if eq .Kind "select"}}{{template "select" .}}{{else if .Options}}{{template "choices" .}}{{else if or (eq .Kind "code") (eq .Kind "letters")}}{{template "code" .}}{{else if eq .Kind "password"}}<div class="field"><label for="{{.ID}}">{{.Label}}</label><div class="control"><button class="icon-btn" type="button" aria-label="{{$screen.T "common.show_password"}}" aria-pressed="false" data-reveal="{{.ID}}">{{template "icon-eye"}}</button><input class="input" id="{{.ID}}" name="{{.Name}}" type="password"{{template "attributes" .}}></div>{{template "error" .}}</div>
{{else}}<div class="field"><label for="{{.ID}}">{{.Label}}</label><div class="control"><input class="input" id="{{.ID}}" name="{{.Name}}"{{if eq .Kind "digits"}} inputmode="numeric"{{else if or (eq .Kind "date") (eq .Kind "tel")}} type="{{.Kind}}"{{end}}{{template "attributes" .}} autocapitalize="none" spellcheck="false" value="{{.Value}}"></div>{{template "error" .}}{{if .Help}}<p class="help" id="{{.ID}}-help">{{.Help}}</p>{{end}}</div>
{{end}}{{end}}{{end}}

{{define "select"}}<div class="field"><label for="{{.ID}}">{{.Label}}</label><div class="select"><select class="input" id="{{.ID}}" name="{{.Name}}" autocomplete="{{.Autocomplete}}"{{if .Missing}} required data-missing="{{.Missing}}"{{end}}{{if .Error}} aria-invalid="true"{{end}}{{with .DescribedBy}} aria-describedby="{{.}}"{{end}}>{{range .Options}}<option value="{{.Value}}"{{if .Chosen}} selected{{end}}>{{.Label}}</option>{{end}}</select><svg class="icon icon-s" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 9l7 7 7-7"/></svg></div>{{template "error" .}}{{if .Help}}<p class="help" id="{{.ID}}-help">{{.Help}}</p>{{end}}</div>
{{end}}

{{define "attributes"}}{{with .Placeholder}} placeholder="{{.}}"{{end}} autocomplete="{{.Autocomplete}}"{{if not .Length}} maxlength="60000"{{end}} {{if .Missing}}required data-missing="{{.Missing}}"{{end}}{{if .Error}} aria-invalid="true"{{end}}{{with .DescribedBy}} aria-describedby="{{.}}"{{end}}{{end}}

{{define "code"}}<div class="field"><label for="{{.ID}}">{{.Label}}</label>
{{if .Length}}<div class="code-wrap"><input class="input code-input {{.Cells}}" id="{{.ID}}" name="{{.Name}}"{{if eq .Kind "letters"}} autocapitalize="characters" spellcheck="false"{{else}} inputmode="numeric" pattern="[0-9]*"{{end}} maxlength="{{.Length}}"{{template "attributes" .}}></div>
{{else}}<div class="control"><input class="input" id="{{.ID}}" name="{{.Name}}"{{template "attributes" .}} autocapitalize="none" spellcheck="false"></div>
{{end}}{{template "error" .}}{{if .Help}}<p class="help" id="{{.ID}}-help"{{if .News}} data-news{{end}}>{{.Help}}</p>{{end}}</div>
{{end}}

{{define "choices"}}{{$field := .}}<fieldset class="choices" id="{{.ID}}" data-missing="{{.Missing}}"{{if .Error}} data-wrong aria-describedby="{{.ErrorID}}"{{end}}><legend class="{{if eq .Kind "choice"}}sr{{else}}label{{end}}">{{.Label}}</legend>
{{range $i, $o := .Options}}<label class="choice"{{with $o.TestID}} data-testid="{{.}}"{{end}}><span class="acct"><b>{{$o.Label}}</b>{{if $o.Amount}}<b class="amount"><bdi>{{$o.Amount}}</bdi></b>{{end}}{{if $o.Detail}}<span>{{$o.Detail}}</span>{{end}}{{if $o.Counts}}<span class="end">{{$o.Counts}}</span>{{end}}</span><input type="{{if $field.Multiple}}checkbox{{else}}radio{{end}}" id="{{$field.OptionID $i}}" name="{{$field.Name}}" value="{{$o.Value}}"{{if $o.Chosen}} checked{{end}}></label>
{{end}}</fieldset>
{{template "error" .}}{{end}}

{{define "rows"}}<ul class="rows" id="institutions" aria-labelledby="list-title"{{if not .Choices}} hidden{{end}}>
{{range .Choices}}<li class="row"><span class="{{.Mark.Class ""}}" aria-hidden="true">{{.Mark.Letters}}</span><div class="row-text"><button type="button" id="aut-{{.Value}}" aria-label="{{.Label}}" aria-describedby="sub-{{.Value}}" data-action="pick" data-value="{{.Value}}">{{.Before}}{{if .Match}}<mark>{{.Match}}</mark>{{end}}{{.After}}</button><span id="sub-{{.Value}}"{{if .Warn}} class="badge badge-warn"{{end}}>{{.Detail}}</span></div>{{template "icon-next"}}</li>
{{end}}</ul>{{end}}
`
