// Answers what Cilium's own policy engine would: it reads policies and flows as JSON from standard input, parses each
// policy as the agent does, and looks each flow up in what they come to.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"sync"

	"sigs.k8s.io/yaml"

	"github.com/cilium/cilium/pkg/crypto/certificatemanager"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/k8s"
	ciliumv2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	"github.com/cilium/cilium/pkg/u8proto"
)

type request struct {
	// The cluster whose agent it is.
	Cluster string `json:"cluster"`
	// YAML or JSON, one resource each.
	Policies []string `json:"policies"`
	Flows    []flow   `json:"flows"`
}

type flow struct {
	From     []string `json:"from"`
	To       []string `json:"to"`
	Protocol string   `json:"protocol"`
	// A port, or an ICMP type.
	Port uint16 `json:"port"`
}

type answer struct {
	// Why a policy is refused, "" where it is taken.
	Refused []string  `json:"refused"`
	Flows   []verdict `json:"flows"`
}

type verdict struct {
	Egress  string `json:"egress"`
	Ingress string `json:"ingress"`
}

var logger = slog.New(slog.NewTextHandler(io.Discard, nil))

func main() {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	option.Config.EnableICMPRules = true
	option.Config.EnableL7Proxy = true
	option.Config.EnableNonDefaultDenyPolicies = true
	option.Config.EnableExtendedIPProtocols = true
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = true
	option.Config.EnablePolicy = option.DefaultEnforcement
	// What the agent makes of "auto" in Kubernetes.
	option.Config.UnsafeDaemonConfigOption.AllowLocalhost = option.AllowLocalhostAlways
	policy.SetPolicyEnabled(option.DefaultEnforcement)
	api.InitEntities(asked.Cluster)

	told := answer{Refused: []string{}, Flows: []verdict{}}
	var entries types.PolicyEntries
	for _, text := range asked.Policies {
		parsed, err := parse(text, asked.Cluster)
		if err != nil {
			told.Refused = append(told.Refused, err.Error())
			continue
		}
		told.Refused = append(told.Refused, "")
		entries = append(entries, parsed...)
	}
	lookups, err := lookUp(entries, asked.Flows)
	if err != nil {
		fail(err)
	}
	told.Flows = lookups
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(told); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func parse(text, cluster string) (types.PolicyEntries, error) {
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := yaml.Unmarshal([]byte(text), &kind); err != nil {
		return nil, err
	}
	switch kind.Kind {
	case "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy":
		var resource ciliumv2.CiliumNetworkPolicy
		if err := yaml.UnmarshalStrict([]byte(text), &resource); err != nil {
			return nil, err
		}
		rules, err := resource.Parse(logger, cluster)
		if err != nil {
			return nil, err
		}
		return policyutils.RulesToPolicyEntries(rules), nil
	case "NetworkPolicy":
		var resource networkingv1.NetworkPolicy
		if err := yaml.UnmarshalStrict([]byte(text), &resource); err != nil {
			return nil, err
		}
		return k8s.ParseNetworkPolicy(logger, cluster, &resource)
	}
	return nil, errors.New("no policy: " + kind.Kind)
}

// identities gives each set of labels a number of the scope that Cilium would take it from.
type identities struct {
	known map[string]*identity.Identity
	all   identity.IdentityMap
}

func (i *identities) of(texts []string) *identity.Identity {
	key := strings.Join(texts, "\n")
	if found := i.known[key]; found != nil {
		return found
	}
	set := labels.Labels{}
	isLocal := false
	for _, text := range texts {
		if address, is := strings.CutPrefix(text, "address:"); is {
			isLocal = true
			set.MergeLabels(labels.GetCIDRLabels(netip.PrefixFrom(netip.MustParseAddr(address), netip.MustParseAddr(address).BitLen())))
			continue
		}
		if strings.HasPrefix(text, "fqdn:") {
			isLocal = true
		}
		set.MergeLabels(labels.NewLabelsFromModel([]string{text}))
	}
	number := identity.NumericIdentity(1000 + len(i.known))
	if reserved := identity.LookupReservedIdentityByLabels(set); reserved != nil && !isLocal {
		number = reserved.ID
	} else if isLocal {
		number = identity.IdentityScopeLocal + identity.NumericIdentity(len(i.known)+1)
	} else if set.HasRemoteNodeLabel() {
		number = identity.IdentityScopeRemoteNode + identity.NumericIdentity(len(i.known)+1)
	}
	made := identity.NewIdentity(number, set)
	i.known[key] = made
	i.all[made.ID] = made.LabelArray
	return made
}

func lookUp(entries types.PolicyEntries, flows []flow) ([]verdict, error) {
	manager := identitymanager.NewIDManager(logger)
	found := identities{known: map[string]*identity.Identity{}, all: identity.IdentityMap{}}
	for _, one := range flows {
		found.of(one.From)
		found.of(one.To)
	}
	repository := policy.NewPolicyRepository(logger, nil, nil,
		envoypolicy.NewEnvoyL7RulesTranslator(logger, certificatemanager.NewMockSecretManagerInline()),
		manager, testpolicy.NewPolicyMetricsNoop())
	wait := &sync.WaitGroup{}
	repository.GetSelectorCache().UpdateIdentities(found.all, nil, wait)
	repository.GetSubjectSelectorCache().UpdateIdentities(found.all, nil, wait)
	wait.Wait()
	repository.ReplaceByResource(entries, "policies")
	told := []verdict{}
	for _, one := range flows {
		protocol, err := u8proto.ParseProtocol(one.Protocol)
		if err != nil {
			return nil, err
		}
		result, _, _, err := policy.LookupFlow(logger, repository, manager,
			types.Flow{From: found.of(one.From), To: found.of(one.To), Proto: protocol, Dport: one.Port})
		if err != nil {
			return nil, err
		}
		told = append(told, verdict{Egress: result.Egress.String(), Ingress: result.Ingress.String()})
	}
	return told, nil
}
