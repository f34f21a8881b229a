resource "azurerm_linux_web_app" "bad1" {
  # ruleid: terraform.azure.plain-http
  https_traffic_only_enabled = false
}
resource "azurerm_windows_web_app" "bad2" {
  # ruleid: terraform.azure.plain-http
  https_only = false
}
resource "azurerm_app_service" "bad3" {
  # ruleid: terraform.azure.plain-http
  enable_non_ssl_port = true
}
resource "azurerm_postgresql_server" "good4" {
  # ok: terraform.azure.plain-http
  https_traffic_only_enabled = true
}
resource "azurerm_mysql_server" "good5" {
  # ok: terraform.azure.plain-http
  https_only = true
}
resource "azurerm_redis_cache" "good6" {
  # ok: terraform.azure.plain-http
  enable_non_ssl_port = false
}
resource "other_thing" "near" {
  # ok: terraform.azure.plain-http
  https_traffic_only_enabled = false
}
