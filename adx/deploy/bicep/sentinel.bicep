// Microsoft Sentinel's analytics rules cannot ask Azure Data Explorer. So a Logic App asks HubbleAlerts() every five minutes
// and sends what it finds into a table of the workspace, HubbleAlerts_CL, which the rules read.
//
//   az deployment group create --resource-group my-group --template-file adx/deploy/bicep/sentinel.bicep \
//     --parameters clusterName=mycluster databaseName=Kubernetes workspaceName=myworkspace dashboardId=<id>

@description('Name of the Azure Data Explorer cluster, in the resource group of the deployment.')
param clusterName string

@description('Name of the database.')
param databaseName string

@description('Name of the workspace with Microsoft Sentinel, in the resource group of the deployment.')
param workspaceName string

@description('Id of the imported dashboard: what follows /dashboards/ in its address.')
param dashboardId string

@description('Ids of rules that are not to run, as sentinel.json has them.')
param disabled array = []

@description('Days that alerts are kept in the workspace.')
@minValue(4)
@maxValue(730)
param retentionDays int = 90

@description('Region of the workspace.')
param location string = resourceGroup().location

var rules = loadJsonContent('sentinel.json')
var columns = [
  { name: 'TimeGenerated', type: 'datetime' }
  { name: 'Alert', type: 'string' }
  { name: 'FirstSeen', type: 'datetime' }
  { name: 'LastSeen', type: 'datetime' }
  { name: 'ClusterName', type: 'string' }
  { name: 'Namespace', type: 'string' }
  { name: 'Source', type: 'string' }
  { name: 'Target', type: 'string' }
  { name: 'Detail', type: 'string' }
  { name: 'Flows', type: 'long' }
]
// One text, so that nothing depends on how the service writes a list. A call takes a megabyte.
var query = '''
HubbleAlerts()
| top 500 by LastSeen desc
| project Row = bag_pack("TimeGenerated", TimeGenerated, "Alert", Alert, "FirstSeen", FirstSeen, "LastSeen", LastSeen, "ClusterName", ClusterName, "Namespace", Namespace, "Source", Source, "Target", substring(Target, 0, 200), "Detail", substring(Detail, 0, 400), "Flows", Flows)
| summarize Rows = tostring(make_list(Row))
'''
var metricsPublisherRole = '3913510d-42f4-4e42-8a64-420c390055eb'
var found = 'body(\'Ask\')?[\'Tables\']?[0]?[\'Rows\']?[0]?[0]'

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

resource table 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {
  parent: workspace
  name: 'HubbleAlerts_CL'
  properties: {
    retentionInDays: retentionDays
    schema: {
      name: 'HubbleAlerts_CL'
      columns: columns
    }
  }
}

resource collection 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: 'hubble-adx-alerts'
  location: location
  kind: 'Direct'
  properties: {
    streamDeclarations: {
      'Custom-HubbleAlerts': {
        columns: columns
      }
    }
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: workspace.id
        }
      ]
    }
    dataFlows: [
      {
        streams: [
          'Custom-HubbleAlerts'
        ]
        destinations: [
          'workspace'
        ]
        transformKql: 'source'
        outputStream: 'Custom-HubbleAlerts_CL'
      }
    ]
  }
  dependsOn: [
    table
  ]
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'hubble-adx-sentinel'
  location: location
}

resource viewer 'Microsoft.Kusto/clusters/databases/principalAssignments@2023-08-15' = {
  parent: database
  name: 'hubble-adx-sentinel'
  properties: {
    principalId: identity.properties.clientId
    principalType: 'App'
    role: 'Viewer'
    tenantId: identity.properties.tenantId
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: collection
  name: guid(collection.id, 'hubble-adx-sentinel', metricsPublisherRole)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisherRole)
  }
}

resource workflow 'Microsoft.Logic/workflows@2019-05-01' = {
  name: 'hubble-adx-alerts'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    state: 'Enabled'
    definition: {
      '$schema': 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#'
      contentVersion: '1.0.0.0'
      triggers: {
        Every: {
          type: 'Recurrence'
          recurrence: {
            frequency: 'Minute'
            interval: 5
          }
        }
      }
      actions: {
        Ask: {
          type: 'Http'
          runAfter: {}
          inputs: {
            method: 'POST'
            uri: '${cluster.properties.uri}/v1/rest/query'
            headers: {
              'Content-Type': 'application/json'
            }
            body: {
              db: databaseName
              csl: query
            }
            authentication: {
              type: 'ManagedServiceIdentity'
              identity: identity.id
              audience: cluster.properties.uri
            }
          }
        }
        Any: {
          type: 'If'
          runAfter: {
            Ask: [
              'Succeeded'
            ]
          }
          expression: '@not(equals(${found}, \'[]\'))'
          actions: {
            Send: {
              type: 'Http'
              inputs: {
                method: 'POST'
                uri: '${collection.properties.endpoints.logsIngestion}/dataCollectionRules/${collection.properties.immutableId}/streams/Custom-HubbleAlerts?api-version=2023-01-01'
                headers: {
                  'Content-Type': 'application/json'
                }
                body: '@json(${found})'
                authentication: {
                  type: 'ManagedServiceIdentity'
                  identity: identity.id
                  audience: 'https://monitor.azure.com'
                }
              }
            }
          }
        }
      }
    }
  }
  dependsOn: [
    viewer
    publisher
  ]
}

resource analytics 'Microsoft.SecurityInsights/alertRules@2023-11-01' = [
  for rule in rules: {
    scope: workspace
    name: rule.name
    kind: 'Scheduled'
    properties: union(rule.properties, {
      enabled: !contains(disabled, rule.name)
      query: replace(rule.properties.query, 'DASHBOARD_ID', dashboardId)
    })
    dependsOn: [
      table
    ]
  }
]
