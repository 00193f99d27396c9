/*
Package front is what stands before every other edge: the certificate, the
redirect to it, and who asks when a proxy stands between.

	browser --TLS--> [Certificates] --> [Clients] --> the routes
	browser --http-> [Certificates.Plain]: on to TLS, or a challenge of the authority

Certificates come from two files, which are read again when they change, or from
an authority that speaks ACME. Without either the server speaks plain HTTP, and a
proxy does the rest.
*/
package front
