// Answers what Cilium itself would: it reads one request as JSON from standard input and runs Cilium's own code on it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/viper"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	flowpb "github.com/cilium/cilium/api/v1/flow"
	observerpb "github.com/cilium/cilium/api/v1/observer"
	"github.com/cilium/cilium/hubble/cmd/observe"
	v1 "github.com/cilium/cilium/pkg/hubble/api/v1"
	"github.com/cilium/cilium/pkg/hubble/exporter"
	"github.com/cilium/cilium/pkg/hubble/filters"
)

type request struct {
	// Configurations of the dynamic exporter: what does Cilium make of each?
	Configurations []string `json:"configurations"`
	// Lists of FlowFilters: which of the events pass each?
	Filters []json.RawMessage `json:"filters"`
	// What the exporter writes as lines: export events.
	Flows []json.RawMessage `json:"flows"`
	// Field masks: what does the exporter write for the flows, one after the other?
	Masks [][]string `json:"masks"`
	// Fields of an aggregation: what does the exporter write for the flows when it stops?
	Aggregates [][]string `json:"aggregates"`
	// Arguments of `hubble observe`: which filters does it make of them?
	Observe [][]string `json:"observe"`
	// The words of the protocol.
	Protocol bool `json:"protocol"`
}

type verdict struct {
	// Refused is the error of the parser: the whole file is refused.
	Refused string `json:"refused,omitempty"`
	// FlowLogs says of each flow log by name why it is not started, "" where it is.
	FlowLogs map[string]string `json:"flowLogs,omitempty"`
}

type passed struct {
	Error string `json:"error,omitempty"`
	// The indexes of the flows that pass.
	Flows []int `json:"flows"`
}

type observed struct {
	Error string `json:"error,omitempty"`
	// YAML, as --print-raw-filters prints it.
	Filters string `json:"filters"`
}

type answer struct {
	Configurations []verdict `json:"configurations,omitempty"`
	Filters        []passed  `json:"filters,omitempty"`
	// Lines are as long as they are.
	Masks      [][]string `json:"masks,omitempty"`
	Aggregates [][]string `json:"aggregates,omitempty"`
	Observe    []observed `json:"observe,omitempty"`
	Protocol   *protocol  `json:"protocol,omitempty"`
}

var logger = slog.New(slog.NewTextHandler(io.Discard, nil))

func main() {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	directory, err := os.MkdirTemp("", "verdict")
	if err != nil {
		fail(err)
	}
	defer os.RemoveAll(directory)
	// A relative filePath of a configuration belongs nowhere else.
	if err := os.Chdir(directory); err != nil {
		fail(err)
	}
	var told answer
	for _, text := range asked.Configurations {
		told.Configurations = append(told.Configurations, judge(text))
	}
	flows := make([]*v1.Event, 0, len(asked.Flows))
	for _, text := range asked.Flows {
		exported := &observerpb.ExportEvent{}
		if err := (protojson.UnmarshalOptions{}).Unmarshal(text, exported); err != nil {
			fail(fmt.Errorf("%s: %w", text, err))
		}
		flows = append(flows, &v1.Event{Timestamp: exported.GetTime(), Event: eventOf(exported)})
	}
	for _, list := range asked.Filters {
		told.Filters = append(told.Filters, filter(list, flows))
	}
	for i, mask := range asked.Masks {
		told.Masks = append(told.Masks, write(flows, &exporter.FlowLogConfig{
			Name: "mask", FilePath: filepath.Join(directory, fmt.Sprint("mask", i)), FieldMask: mask}))
	}
	for i, fields := range asked.Aggregates {
		told.Aggregates = append(told.Aggregates, write(flows, &exporter.FlowLogConfig{
			Name: "aggregate", FilePath: filepath.Join(directory, fmt.Sprint("aggregate", i)),
			FieldAggregate: fields, AggregationInterval: exporter.Duration(time.Hour)}))
	}
	for _, arguments := range asked.Observe {
		told.Observe = append(told.Observe, observeFilters(arguments))
	}
	if asked.Protocol {
		told.Protocol = describe()
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(told); err != nil {
		fail(err)
	}
}

func eventOf(exported *observerpb.ExportEvent) any {
	switch exported.GetResponseTypes().(type) {
	case *observerpb.ExportEvent_Flow:
		return exported.GetFlow()
	case *observerpb.ExportEvent_LostEvents:
		return exported.GetLostEvents()
	case *observerpb.ExportEvent_AgentEvent:
		return exported.GetAgentEvent()
	case *observerpb.ExportEvent_DebugEvent:
		return exported.GetDebugEvent()
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func judge(text string) (told verdict) {
	defer func() {
		if crash := recover(); crash != nil {
			told = verdict{Refused: fmt.Sprint("panic: ", crash)}
		}
	}()
	configurations, err := exporter.NewExporterConfigParser(logger).Parse(strings.NewReader(text))
	if err != nil {
		return verdict{Refused: err.Error()}
	}
	told.FlowLogs = map[string]string{}
	factory := exporter.NewExporterFactory(logger)
	for name, configuration := range configurations {
		made, err := factory.Create(configuration)
		if err != nil {
			told.FlowLogs[name] = err.Error()
			continue
		}
		told.FlowLogs[name] = ""
		// Standard output is where the answer goes: closing it would end that.
		if configuration.(*exporter.FlowLogConfig).FilePath != "stdout" {
			made.Stop()
		}
	}
	return told
}

func filter(list json.RawMessage, flows []*v1.Event) passed {
	var read exporter.FlowFilters
	if err := json.Unmarshal(list, &read); err != nil {
		return passed{Error: err.Error()}
	}
	built, err := filters.BuildFilterList(context.Background(), read, filters.DefaultFilters(logger))
	if err != nil {
		return passed{Error: err.Error()}
	}
	told := passed{Flows: []int{}}
	for i, flow := range flows {
		if built.MatchOne(flow) {
			told.Flows = append(told.Flows, i)
		}
	}
	return told
}

func write(flows []*v1.Event, configuration *exporter.FlowLogConfig) (lines []string) {
	made, err := exporter.NewExporterFactory(logger).Create(configuration)
	if err != nil {
		fail(err)
	}
	for _, flow := range flows {
		if err := made.Export(context.Background(), flow); err != nil {
			fail(err)
		}
	}
	if err := made.Stop(); err != nil {
		fail(err)
	}
	content, err := os.ReadFile(configuration.FilePath)
	if err != nil {
		fail(err)
	}
	for line := range strings.Lines(string(content)) {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	// A Go map has no order.
	if configuration.FieldAggregate != nil {
		slices.Sort(lines)
	}
	return lines
}

func observeFilters(arguments []string) observed {
	var out bytes.Buffer
	command := observe.New(viper.New())
	command.SilenceUsage, command.SilenceErrors = true, true
	command.SetOut(&out)
	command.SetErr(io.Discard)
	command.SetArgs(append(slices.Clone(arguments), "--output=json", "--print-raw-filters"))
	if err := command.Execute(); err != nil {
		return observed{Error: err.Error()}
	}
	return observed{Filters: out.String()}
}

type field struct {
	// A kind of protobuf, or the name of a message or of an enum.
	Type     string `json:"type"`
	Repeated bool   `json:"repeated,omitempty"`
	Oneof    bool   `json:"oneof,omitempty"`
}

type protocol struct {
	Messages map[string]map[string]field `json:"messages"`
	Enums    map[string]map[string]int32 `json:"enums"`
}

// describe follows what is exported, and FlowFilter, to every message and enum that they are made of.
func describe() *protocol {
	told := &protocol{Messages: map[string]map[string]field{}, Enums: map[string]map[string]int32{}}
	var follow func(protoreflect.MessageDescriptor)
	follow = func(message protoreflect.MessageDescriptor) {
		name := string(message.FullName())
		if told.Messages[name] != nil {
			return
		}
		told.Messages[name] = map[string]field{}
		for i := range message.Fields().Len() {
			one := message.Fields().Get(i)
			kind := one.Kind().String()
			if inner := one.Message(); inner != nil {
				kind = string(inner.FullName())
				follow(inner)
			}
			if enum := one.Enum(); enum != nil {
				kind = string(enum.FullName())
				values := map[string]int32{}
				for j := range enum.Values().Len() {
					values[string(enum.Values().Get(j).Name())] = int32(enum.Values().Get(j).Number())
				}
				told.Enums[kind] = values
			}
			told.Messages[name][string(one.Name())] = field{
				Type: kind, Repeated: one.IsList(), Oneof: one.ContainingOneof() != nil,
			}
		}
	}
	follow((&flowpb.Flow{}).ProtoReflect().Descriptor())
	follow((&flowpb.AgentEvent{}).ProtoReflect().Descriptor())
	follow((&flowpb.DebugEvent{}).ProtoReflect().Descriptor())
	follow((&flowpb.FlowFilter{}).ProtoReflect().Descriptor())
	return told
}
