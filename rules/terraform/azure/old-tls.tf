resource "azurerm_mssql_server" "bad1" {
  # ruleid: terraform.azure.old-tls
  min_tls_version = "TLS1_0"
}
resource "azurerm_redis_cache" "bad2" {
  # ruleid: terraform.azure.old-tls
  minimum_tls_version = "1.1"
}
resource "azurerm_postgresql_server" "bad3" {
  # ruleid: terraform.azure.old-tls
  ssl_minimal_tls_version_enforced = "TLS1_0"
}
resource "azurerm_mysql_server" "good4" {
  # ok: terraform.azure.old-tls
  min_tls_version = "TLS1_2"
}
resource "azurerm_linux_web_app" "good5" {
  # ok: terraform.azure.old-tls
  minimum_tls_version = "1.2"
}
resource "azurerm_storage_account" "good6" {
  # ok: terraform.azure.old-tls
  min_tls_version = "TLS1_2"
}
resource "other_thing" "near" {
  # ok: terraform.azure.old-tls
  min_tls_version = "TLS1_0"
}
