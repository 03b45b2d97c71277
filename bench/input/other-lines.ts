/** The `index`th line of a Cilium agent's log that is not a flow: logrus, slog, JSON, klog, Envoy and plain text in turn. */
export function otherLine(index: number): string {
  return lines[index % lines.length]!(index);
}

const lines: ((index: number) => string)[] = [
  (index) =>
    `time="2025-01-23T07:59:${pad(index % 60)}Z" level=info msg="Rewrote endpoint BPF program" ciliumEndpointName=shop/cart-${index % 100} containerID=4f1d2c3b5a datapathPolicyRevision=56 desiredPolicyRevision=57 endpointID=${100 + (index % 900)} identity=${40_000 + (index % 97)} ipv4=10.244.3.${index % 250} k8sPodName=shop/cart-${index % 100} subsys=endpoint`,
  (index) =>
    `time=2025-01-23T07:59:${pad(index % 60)}.501253423Z level=info source=/go/src/github.com/cilium/cilium/pkg/ipam/crd.go:412 msg="Updated CiliumNode resource" module=agent.controlplane.ipam attempt=${index % 9}`,
  (index) =>
    `{"time":"2025-01-23T07:59:${pad(index % 60)}.501253423Z","level":"warn","source":{"function":"controller.Run","file":"controller.go","line":${index % 400}},"msg":"Controller run failed","name":"sync-policymap-${index % 900}","error":"context deadline exceeded"}`,
  (index) =>
    `I0123 07:59:${pad(index % 60)}.501253       1 reflector.go:${index % 900}] pkg/k8s/watchers/cilium_network_policy.go:92: watch of *v2.CiliumNetworkPolicy ended with: too old resource version`,
  (index) =>
    `[2025-01-23 07:59:${pad(index % 60)}.501][${index % 32}][info][upstream] [external/envoy/source/common/upstream/cds_api_helper.cc:71] cds: added/updated 0 cluster(s) (${index % 16} added, 0 removed)`,
  () => "",
  (index) => `goroutine ${index % 4000} [chan receive, 12 minutes]:`,
  (index) =>
    `level=debug msg="Processing API request" method=GET subsys=rest url="/v1/healthz?brief=true&n=${index % 100}" user-agent="Go-http-client/1.1"`,
];

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
