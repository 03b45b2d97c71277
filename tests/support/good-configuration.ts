/** A Fluent Bit configuration (the agent's log, the filter as a processor) of which `doctor` has nothing to say. */
export const good = `service:
  log_level: warn
  storage.path: /var/lib/hubble-adx/storage
pipeline:
  inputs:
    - name: tail
      path: /var/log/containers/cilium-*_kube-system_cilium-agent-*.log
      tag: hubble
      multiline.parser: cri
      db: /var/lib/hubble-adx/positions.db
      storage.type: filesystem
      processors:
        logs:
          - name: wasm
            wasm_path: /fluent-bit/wasm/hubble-adx.wasm
            function_name: hubble_flows
  outputs:
    - name: azure_kusto
      match: hubble
      auth_type: workload_identity
      tenant_id: \${AZURE_TENANT_ID}
      client_id: \${AZURE_CLIENT_ID}
      ingestion_endpoint: \${ADX_INGESTION_ENDPOINT}
      database_name: Kubernetes
      table_name: HubbleFlows
      ingestion_mapping_reference: HubbleFlowsMapping
      retry_limit: no_limits
`;
