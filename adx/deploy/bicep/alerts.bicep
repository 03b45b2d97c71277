// Azure Monitor's alerts on what adx/alerts.kql finds, asked for by a managed identity that can read the database.
//
//   az deployment group create --resource-group my-group --template-file adx/deploy/bicep/alerts.bicep \
//     --parameters clusterName=mycluster databaseName=Kubernetes workspaceName=myworkspace \
//       dashboardId=<id> actionGroupIds='["<resource id>"]'

@description('Name of the Azure Data Explorer cluster, in the resource group of the deployment.')
param clusterName string

@description('Name of the database.')
param databaseName string

@description('Name of a Log Analytics workspace in the resource group of the deployment. The rules live in it; it needs no data.')
param workspaceName string

@description('Id of the imported dashboard: what follows /dashboards/ in its address.')
param dashboardId string

@description('Resource ids of the action groups to call.')
param actionGroupIds array = []

@description('Names of rules that are not to run, as alerts.json has them.')
param disabled array = []

@description('Region of the workspace.')
param location string = resourceGroup().location

var rules = loadJsonContent('alerts.json')
var readerRole = 'acdd72a7-3385-48ef-bd42-f606fba818ae'
var logAnalyticsReaderRole = '73c42c96-874c-492b-b04d-ab87d138a893'

resource cluster 'Microsoft.Kusto/clusters@2023-08-15' existing = {
  name: clusterName
}

resource database 'Microsoft.Kusto/clusters/databases@2023-08-15' existing = {
  parent: cluster
  name: databaseName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'hubble-adx-alerts'
  location: location
}

resource viewer 'Microsoft.Kusto/clusters/databases/principalAssignments@2023-08-15' = {
  parent: database
  name: 'hubble-adx-alerts'
  properties: {
    principalId: identity.properties.clientId
    principalType: 'App'
    role: 'Viewer'
    tenantId: identity.properties.tenantId
  }
}

resource clusterReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: cluster
  name: guid(cluster.id, 'hubble-adx-alerts', readerRole)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', readerRole)
  }
}

resource workspaceReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(workspace.id, 'hubble-adx-alerts', logAnalyticsReaderRole)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsReaderRole)
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    kind: 'LogAlert'
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: {
        '${identity.id}': {}
      }
    }
    properties: {
      displayName: rule.properties.displayName
      description: replace(rule.properties.description, 'DASHBOARD_ID', dashboardId)
      severity: rule.properties.severity
      enabled: !contains(disabled, rule.name)
      scopes: [
        workspace.id
      ]
      evaluationFrequency: rule.properties.evaluationFrequency
      windowSize: rule.properties.windowSize
      autoMitigate: rule.properties.autoMitigate
      // The roles take effect some minutes after they are given.
      skipQueryValidation: true
      criteria: {
        allOf: [
          union(rule.properties.criteria.allOf[0], {
            query: replace(
              rule.properties.criteria.allOf[0].query,
              'https://CLUSTER.REGION.kusto.windows.net/DATABASE',
              '${cluster.properties.uri}/${databaseName}'
            )
          })
        ]
      }
      actions: {
        actionGroups: actionGroupIds
        customProperties: union(rule.properties.actions.customProperties, {
          Dashboard: replace(rule.properties.actions.customProperties.Dashboard, 'DASHBOARD_ID', dashboardId)
        })
      }
    }
    dependsOn: [
      viewer
      clusterReader
      workspaceReader
    ]
  }
]
