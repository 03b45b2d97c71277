// Creates the table, mapping, policies and functions in a database that exists, and lets one identity send rows.
//
//   az deployment group create --resource-group my-group --template-file adx/deploy/bicep/main.bicep \
//     --parameters clusterName=mycluster databaseName=Kubernetes ingestorId=<client id> tenantId=<tenant id>

@description('Name of the Azure Data Explorer cluster, in the resource group of the deployment.')
param clusterName string

@description('Name of the database.')
param databaseName string

@description('Days that flows are kept.')
@minValue(1)
param retentionDays int = 30

@description('Days that stay in the hot cache.')
@minValue(0)
param hotCacheDays int = 7

@description('Seconds after which a batch of rows is sealed.')
@minValue(10)
@maxValue(1800)
param batchingSeconds int = 60

@description('Client id of the identity with which Fluent Bit sends rows. Empty: give the role yourself.')
param ingestorId string = ''

@description('Tenant of that identity.')
param tenantId string = tenant().tenantId

@description('Runs the commands again when it differs from the last deployment\'s. By default each deployment runs them.')
param forceUpdateTag string = utcNow()

var policies = '''
.alter-merge table HubbleFlows policy ingestionbatching @'{{"MaximumBatchingTimeSpan": "{0}", "MaximumNumberOfItems": 2000, "MaximumRawDataSizeMB": 100}}'
.alter-merge table HubbleFlows policy retention softdelete = {1}d recoverability = enabled
.alter table HubbleFlows policy caching hot = {2}d
.alter-merge materialized-view HubbleFlowsByFiveMinutes policy retention softdelete = {1}d recoverability = enabled
.alter materialized-view HubbleFlowsByFiveMinutes policy caching hot = {2}d
'''
var batchingTime = '00:${padLeft(batchingSeconds / 60, 2, '0')}:${padLeft(batchingSeconds % 60, 2, '0')}'

resource cluster 'Microsoft.Kusto/clusters@2023-08-15' existing = {
  name: clusterName
}

resource database 'Microsoft.Kusto/clusters/databases@2023-08-15' existing = {
  parent: cluster
  name: databaseName
}

resource setup 'Microsoft.Kusto/clusters/databases/scripts@2023-08-15' = {
  parent: database
  name: 'hubble-adx'
  properties: {
    scriptContent: join(
      [
        loadTextContent('../../schema.kql')
        loadTextContent('../../views.kql')
        format(policies, batchingTime, retentionDays, hotCacheDays)
        loadTextContent('../../names.kql')
        loadTextContent('../../functions.kql')
        loadTextContent('../../detections.kql')
        loadTextContent('../../alerts.kql')
      ],
      '\n'
    )
    continueOnErrors: false
    forceUpdateTag: forceUpdateTag
  }
}

resource ingestor 'Microsoft.Kusto/clusters/databases/principalAssignments@2023-08-15' = if (!empty(ingestorId)) {
  parent: database
  name: 'hubble-adx-ingestor'
  properties: {
    principalId: ingestorId
    principalType: 'App'
    role: 'Ingestor'
    tenantId: tenantId
  }
}
