//! As little of an HTTP client as a benchmark needs: one connection that is kept open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::measure::Asked;
use crate::queries::Query;

pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(stream),
            head: format!("host: localhost\r\nauthorization: Bearer {token}\r\n\r\n"),
        }
    }
}

impl Asked for Client {
    fn ask(&mut self, query: &Query) {
        let request = format!("GET {} HTTP/1.1\r\n{}", query.path, self.head);
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut line, mut length) = (String::new(), None);
        self.stream.read_line(&mut line).unwrap();
        let status = line.clone();
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            match line.trim_end().to_ascii_lowercase().split_once(": ") {
                Some(("content-length", value)) => length = value.parse::<usize>().ok(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length.unwrap()];
        self.stream.read_exact(&mut body).unwrap();
        assert!(
            status.contains(" 200 "),
            "{} for {}: {}",
            status.trim_end(),
            query.path,
            String::from_utf8_lossy(&body)
        );
    }
}
