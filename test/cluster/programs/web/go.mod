module netmachinery.test/web

go 1.24
